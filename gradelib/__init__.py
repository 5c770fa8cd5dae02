"""What the graders of all labs share.

    Running         options   the command line
                    build     make and its messages
                    pristine  class grading
                    session   one call: what it sets up and leaves behind
                    runner    parallel, in order
                    report    what is printed
    Tests           testcase  how a test is declared
                    vm        what a test works with
                    outcome   how it can end
    The machine     setup     its parts
                    machine   one QEMU and its console
                    watch     following a run to its end
                    logpipe   QEMU's log of interrupts
    Evidence        memory    the guest's memory     registers  the processor's
                    paging    page tables            state      kernel data
                    symbols   from addresses to names
    Explanations    case        all that is known of a failed run
                    interrupts  the faults in QEMU's log
                    walk        page table walks and IDT gates, in words
                    stack       the calls that led there
                    crash       resets and panics in words
                    hang        loops and waits in words
                    diagnosis   the exercise that is most likely at fault
                    explain     the report of one test
                    keep        what a failed test leaves in obj/grade/
"""
