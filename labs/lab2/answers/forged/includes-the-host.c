// Takes in a file of the machine that grades.
// undone: lab2.page_insert lab2.page_remove
// forges: check_page
// refused: kern/pmap.c includes /etc/passwd, outside the tree

//// end kern/pmap.c
#include "/etc/passwd"
