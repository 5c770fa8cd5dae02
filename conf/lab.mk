# The lab in progress: how far the kernel boots and what `make grade` runs. In
# the complete tree LAB is not set: `make grade` grades every lab, and the kernel
# boots as far as the last.
# LAB ?= 1
