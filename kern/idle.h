// Waiting for input without keeping the processor busy.
#ifndef JOS_KERN_IDLE_H
#define JOS_KERN_IDLE_H

void idle_wait(void);
void idle_too(void);

#endif
