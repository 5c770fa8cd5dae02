// The scheduler that draws lots.
#ifndef JOS_KERN_LOTTERY_H
#define JOS_KERN_LOTTERY_H

void lottery_init(void);

#endif
