"""Which acts are forbidden to whom: one table, of which every row is tried.

Handbook 2.6 (neither the right nor the technical opportunity).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from jalostamo.confinement import Wall
from jalostamo.doors.separation import acts, amounts, forgeries, questions, reaching
from jalostamo.doors.separation.acts import Targets
from jalostamo.doors.separation.identities import Identity
from jalostamo.engine.escapes import PAST_THE_LOCK, PAST_THE_WALLS

Try = Callable[[Targets], None]

RULES: Final = "rules"
"""What is held by the closed room's or the engine's own rules, and by no wall of the kernel."""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A forbidden act in words, how it is tried, and what should hold it up.

    `twin` is the same act where that alone is missing, if leaving out the walls is not enough; `then` is what the closed room
    does next with what was handed over, and `then_twin` what it would do without that one rule.
    """

    says: str
    act: Try
    wall: Wall | None
    twin: Try | None = None
    then: Try | None = None
    then_twin: Try | None = None
    seconds: int | None = None


F, M, N, P, S = Wall.FILES, Wall.METADATA, Wall.NETWORK, Wall.OTHERS, Wall.SIGNALS

_INTO_OTHERS: Final = (
    Forbidden("read the variables of a process of the other side", reaching.read_variables, P),
    Forbidden("read the memory of a process of the other side", reaching.read_memory, P),
    Forbidden("read its memory by the call that is made for it", reaching.read_memory_by_call, P),
    Forbidden("trace it as a debugger does", reaching.trace, P),
    Forbidden("take over a file that it has open", reaching.take_descriptor, P),
    Forbidden("see which files it has open", reaching.list_descriptors, P),
    Forbidden("send it a signal", reaching.send_signal, S),
    Forbidden("set its limits", reaching.limit_other, P),
    Forbidden("have it wait behind all others", reaching.slow_other, P),
)
_OUT: Final = (
    Forbidden("connect out", reaching.connect, N),
    Forbidden("send a packet out", reaching.send_packet, N),
    Forbidden("connect to a socket in a folder", reaching.connect_locally, N),
    Forbidden("connect to a socket that has a name alone", reaching.connect_abstractly, N),
    Forbidden("listen for others", reaching.listen, N),
)
_ORDERS: Final = tuple(
    Forbidden(
        f"have an order obeyed: {says}",
        forgeries.hand(made),
        None,
        twin=forgeries.hand(made if trusting else forgeries.sound),
        then=forgeries.judge(),
        then_twin=forgeries.judge(forgeries.Credulous() if trusting else None),
    )
    for says, made, trusting in (
        ("for a user whom the permit does not name", forgeries.changed_order, False),
        ("with a field more than was agreed", forgeries.widened_order, False),
        ("with an event that was changed", forgeries.changed_event, True),
        ("with an event signed by a key of one's own", forgeries.signed_by_another, True),
        ("after the permit has expired", forgeries.expired, False),
        ("a second time", forgeries.replayed, False),
        ("with a chain that was rolled back", forgeries.rolled_back, False),
        ("with a chain that lacks an event", forgeries.cut, False),
    )
)
_ABROAD: Final = (
    Forbidden("read an extract in the vault", acts.read("vault"), F),
    Forbidden("list the vault", acts.look_into("vault_folder"), F),
    Forbidden("read a key", acts.read("key"), F),
    Forbidden("read a register as it was delivered", acts.read("source"), F),
    Forbidden("reach the vault through another process", acts.through_root, F),
)
_AS_CLOSED_ROOM: Final = (
    Forbidden("read the key by which townhall signs", acts.read("townhall_key"), F),
    Forbidden("list townhall's keys", acts.look_into("townhall_key_folder"), F),
    Forbidden("read the events that townhall keeps", acts.read("events"), F),
    Forbidden("change the events that townhall keeps", acts.overwrite("events"), F),
    Forbidden("write an order itself", acts.put_into("orders"), F),
    Forbidden("read results of analysts", acts.read("other_result"), F),
    Forbidden("change a publication", acts.overwrite("publication"), F),
    *_INTO_OTHERS,
    *_OUT,
)
_AS_TOWNHALL: Final = (
    *_ABROAD,
    Forbidden("read the rows of a release", acts.read("own_table"), F),
    Forbidden("change the rows of a release", acts.overwrite("own_table"), F),
    Forbidden("write a release", acts.put_into("own_permit"), F),
    Forbidden("change a cube", acts.overwrite("cube"), F),
    Forbidden("remove a cube", acts.remove("cube"), F),
    Forbidden("rename a cube", acts.rename("cube"), F),
    Forbidden("add a cube", acts.put_into("cube_folder"), F),
    Forbidden("open a cube to everyone", acts.change_mode("cube"), M),
    Forbidden("say how far the closed room is", acts.overwrite("status"), F),
    *_INTO_OTHERS,
    *_OUT,
    *_ORDERS,
)
_SQL: Final = (
    *(
        Forbidden(f"{says}, by an engine without its own lock", questions.unlocked(statement), F)
        for says, statement in PAST_THE_WALLS.items()
    ),
    *(
        Forbidden(f"ask by SQL to {says}", questions.asked(statement), None, twin=questions.unlocked(statement))
        for says, statement in PAST_THE_LOCK.items()
    ),
)
_AS_JOB: Final = (
    *_ABROAD,
    Forbidden("read the key by which townhall signs", acts.read("townhall_key"), F),
    Forbidden("read another permit's release", acts.read("other_table"), F),
    Forbidden("list another permit's releases", acts.look_into("other_permit"), F),
    Forbidden("reach another permit's release by dots", acts.round_about, F),
    Forbidden("read another job's result", acts.read("other_result"), F),
    Forbidden("read what other jobs are asked", acts.read("jobs"), F),
    Forbidden("read a cube", acts.read("cube"), F),
    Forbidden("change its release", acts.overwrite("own_table"), F),
    Forbidden("cut its release to nothing", acts.empty("own_table"), F),
    Forbidden("remove its release", acts.remove("own_table"), F),
    Forbidden("rename its release", acts.rename("own_table"), F),
    Forbidden("add to its release", acts.put_into("own_release"), F),
    Forbidden("put a file in the place of its release", acts.move_in("own_table"), F),
    Forbidden("open its release to everyone", acts.change_mode("own_table"), M),
    Forbidden("make its release look older", acts.change_times("own_table"), M),
    Forbidden("write what it has open to read", acts.through_descriptor, F),
    Forbidden("change a cube", acts.overwrite("cube"), F),
    Forbidden("write a release", acts.put_into("own_permit"), F),
    Forbidden("write an order", acts.put_into("orders"), F),
    Forbidden("leave a link to another release among its results", acts.link_symbolically("other_table"), F),
    Forbidden("leave a second name of its release among its results", acts.link_hard("own_table"), F),
    Forbidden("leave a pipe among its results", acts.make_pipe, F),
    *_SQL,
    *_INTO_OTHERS,
    Forbidden("see with which words another process was started", reaching.read_command, F),
    *_OUT,
    Forbidden("raise its limits", amounts.raise_limits, Wall.PRIVILEGES),
    Forbidden("start another process", amounts.start_processes, Wall.PROCESSES),
    Forbidden("fill the folder of its results", amounts.fill_results, Wall.OUTPUT),
    Forbidden("take more memory than it may", amounts.take_memory, Wall.MEMORY),
    Forbidden("take more time than it may", amounts.take_time, Wall.TIME, seconds=1),
    Forbidden("take memory that no limit counts", amounts.hide_memory, Wall.KERNEL),
    Forbidden("leave memory that outlives it", amounts.share_memory, Wall.KERNEL),
    Forbidden("leave the group by which it is ended", amounts.leave_group, Wall.KERNEL),
    Forbidden("open its own memory to others", amounts.open_oneself, Wall.KERNEL),
    Forbidden("be the superuser of a world of its own", amounts.become_superuser, Wall.KERNEL),
    Forbidden(
        "have a result taken over that is too large",
        questions.hand_over_too_much,
        None,
        twin=questions.hand_over_unlimited,
    ),
    Forbidden(
        "have a second name taken over as a result", questions.hand_over_link, None, twin=questions.hand_over_unlooked
    ),
)
_AS_STRANGER: Final = (
    *_ABROAD,
    Forbidden("read the key by which townhall signs", acts.read("townhall_key"), F),
    Forbidden("read the rows of a release", acts.read("own_table"), F),
    Forbidden("read a cube", acts.read("cube"), F),
    Forbidden("change the rows of a release", acts.overwrite("own_table"), F),
    Forbidden("remove a cube", acts.remove("cube"), F),
    Forbidden("write an order", acts.put_into("orders"), F),
    Forbidden("open a release to everyone", acts.change_mode("own_table"), M),
    *_INTO_OTHERS,
)
PLAN: Final[Mapping[Identity, tuple[Forbidden, ...]]] = {
    Identity.CLOSED_ROOM: _AS_CLOSED_ROOM,
    Identity.TOWNHALL: _AS_TOWNHALL,
    Identity.JOB: _AS_JOB,
    Identity.STRANGER: _AS_STRANGER,
}
