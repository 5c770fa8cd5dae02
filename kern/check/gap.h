// Padding between the checks, so that their addresses cannot be predicted: to
// grade a class, the grader rewrites this file.
#ifndef JOS_KERN_CHECK_GAP_H
#define JOS_KERN_CHECK_GAP_H

#define CHECK_GAP 1 // bytes

#endif
