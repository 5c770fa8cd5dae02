// Room between the checks, so that nobody knows beforehand where in memory
// they are: to grade a class, the grader writes this file anew.
#ifndef JOS_KERN_CHECK_GAP_H
#define JOS_KERN_CHECK_GAP_H

#define CHECK_GAP 1 // bytes

#endif
