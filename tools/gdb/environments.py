"""jos envs, jos env, jos tf."""

from __future__ import annotations

from typing import Optional, Tuple

import gdb

from tools.gdb import frames, guest
from tools.gdb.guest import KERNBASE, JosError
from tools.gdb.kernel import Record, page_table_address
from tools.gdb.paging import PageTables
from tools.gdb.view import View, evaluate, print_lines

HEADING = ("  id       parent   status           type          runs "
           "program      eip")


class Environments(View):
    """The commands about environments."""

    def envs(self, _: str) -> None:
        """A line for each environment that is not free."""
        self.kernel.check_loaded()
        live = self.kernel.live_envs()
        current = self.kernel.word("curenv")
        if not live:
            print("All environments are free.")
            return
        print(HEADING)
        for env in live:
            program = self.symbols.program_of(env)
            eip = self.registers_of(env).values["eip"]
            print(f"{'*' if env.address == current else ' '} "
                  f"{env['env_id']:08x} {env['env_parent_id']:08x} "
                  f"{env.name_of('env_status'):16} "
                  f"{env.name_of('env_type'):13} {env['env_runs']:4} "
                  f"{program.name if program else '?':12} "
                  f"{eip:08x} {self.place(eip, program)}")

    def env(self, argument: str) -> None:
        """One environment, with registers and stack."""
        self.kernel.check_loaded()
        env = self.find_env(argument)
        if env.name_of("env_status") == "ENV_FREE":
            raise JosError(f"slot {argument} of envs[] is free; its last id was "
                           f"{env['env_id']:08x}")
        program = self.symbols.program_of(env)
        tables = PageTables(page_table_address(env))

        def place(address: int) -> str:
            return self.place(address, program)

        def word(va: int) -> Optional[int]:
            data = tables.read(va, 4) if tables.root else None
            return int.from_bytes(data, "little") if data else None

        print(f"Environment {env['env_id']:08x}: {env.name_of('env_status')}, "
              f"{env.name_of('env_type')}, parent {env['env_parent_id']:08x}, "
              f"runs {env['env_runs']}")
        print(f"Program {program.name if program else '?'}, page directory "
              f"0x{env['env_pgdir']:08x}, struct Env at 0x{env.address:08x}")
        print("Registers now:" if self.runs_in(env)
              else "Registers in env_tf, with which it will go on:")
        registers = self.registers_of(env)
        print_lines(registers.lines(place))
        print("Stack:")
        print_lines(frames.stack_lines(
            registers, program.elf if program else None, word, place))

    def trap_frame(self, argument: str) -> None:
        """A trap frame."""
        self.kernel.check_loaded()
        address, what = ((evaluate(argument), "") if argument
                         else self._choose_frame())
        frame = self.kernel.frame_at(address)
        program = self.symbols.active
        if program and frame["tf_eip"] == program.elf.entry:
            what += "; not of a trap: the program is about to start"
        print(f"Trap frame at 0x{address:08x}{what}")
        print_lines(frames.trap_lines(
            frame, lambda code: self.place(code, program)))

    def _choose_frame(self) -> Tuple[int, str]:
        """The most relevant frame now, and its description."""
        frame: Optional[gdb.Frame] = gdb.selected_frame()
        for _ in range(frames.MAX_FRAMES):
            if frame is None:
                break
            address = _argument_tf(frame)
            if address:
                return address, f", tf in {frame.name()}"
            frame = frame.older()
        current = self.kernel.word("curenv")
        if current >= KERNBASE:
            return current, ", env_tf of the current environment"
        layout = self.kernel.target("envs").inner("env_tf")
        top = KERNBASE - layout.size
        data = guest.read_virtual(top, layout.size)
        if data and Record(layout, top, data)["tf_cs"] & 3:
            return top, ", left by the last trap from user mode"
        raise JosError("no trap is being handled and no environment is "
                       "current: say where the frame is, as in: jos tf tf")


def _argument_tf(frame: gdb.Frame) -> int:
    """The value of `tf` in a function that has such a variable, else 0."""
    try:
        value = frame.read_var("tf")
        kind = value.type.strip_typedefs()
        if (value.is_optimized_out or kind.code != gdb.TYPE_CODE_PTR
                or kind.target().unqualified().tag != "Trapframe"):
            return 0
        return int(value) & 0xFFFFFFFF
    except (ValueError, gdb.error):
        return 0
