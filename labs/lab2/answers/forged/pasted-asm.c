// Puts the word together of two, so that nobody finds it.
// undone: lab2.page_insert lab2.page_remove
// forges: check_page
// refused: kern/pmap.c uses ##

//// end kern/pmap.c

#define JOIN(a, b) a##b
JOIN(__as, m__)(".globl check_page; .set check_page, page_insert");
