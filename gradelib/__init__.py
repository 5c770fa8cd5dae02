"""What the graders of all labs share.

    options   the command line           machine   one QEMU and its console
    build     make, and what it says     memory    the guest's memory
    pristine  class grading              paging    page tables
    runner    parallel, in order         state     what the kernel's data say
    report    what is printed            vm        what a test works with
    testcase  how a test is declared     outcome   how it can end
"""
