"""What the graders of all labs share.

    Running         options   the command line
                    build     make, and what it says
                    pristine  class grading
                    session   one call: what it sets up and leaves behind
                    runner    parallel, in order
                    report    what is printed
    Tests           testcase  how a test is declared
                    vm        what a test works with
                    outcome   how it can end
    The machine     setup     what it is made of
                    machine   one QEMU and its console
                    watch     following a run to its end
                    logpipe   its log of interrupts
    Evidence        memory    the guest's memory     registers  the processor's
                    paging    page tables            state      kernel data
                    symbols   from addresses to names
    Explanations    case        all that is known of a run that went wrong
                    interrupts  the faults in QEMU's log
                    walk        what page tables and the IDT say about them
                    stack       the calls that led there
                    crash       resets and panics in words
                    hang        loops and waiting in words
                    diagnosis   the exercise that is most likely at fault
                    explain     the report of one test
                    keep        what a failed test leaves in obj/grade/
"""
