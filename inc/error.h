// Error numbers, from the list in inc/error.def.
#ifndef JOS_INC_ERROR_H
#define JOS_INC_ERROR_H

enum {
#define ERROR(name, number, text) name = number,
#include <inc/error.def>
#undef ERROR
	MAXERROR // one more than the largest
};

#endif
