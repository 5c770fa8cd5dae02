// The lottery scheduler.
#ifndef JOS_KERN_LOTTERY_H
#define JOS_KERN_LOTTERY_H

void lottery_init(void);

#endif
