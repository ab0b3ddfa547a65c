"""The suite of attacks: all of them on one written release, with what an attacker may have beside it.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Final

import pyarrow.parquet

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.columnar import parquet_header
from jalostamo.engine.packing import arrow_of
from jalostamo.managing.manifests import digest_of
from jalostamo.managing.sensitive.validation.attacks.case import BEFORE, refuse_missing
from jalostamo.managing.sensitive.validation.attacks.choosing import suspected
from jalostamo.managing.sensitive.validation.attacks.downcoding import downcoding
from jalostamo.managing.sensitive.validation.attacks.evidence import Evidence, Finding, Judge
from jalostamo.managing.sensitive.validation.attacks.homogeneity import homogeneity
from jalostamo.managing.sensitive.validation.attacks.inference import inference
from jalostamo.managing.sensitive.validation.attacks.insider import insider, learned, units_alike
from jalostamo.managing.sensitive.validation.attacks.linkability import linkability
from jalostamo.managing.sensitive.validation.attacks.minimality import bits_told
from jalostamo.managing.sensitive.validation.attacks.row_order import is_sorted, row_order
from jalostamo.managing.sensitive.validation.attacks.seeing import sight_of, sights_of
from jalostamo.managing.sensitive.validation.attacks.sequences import crossing, differencing, left_over
from jalostamo.managing.sensitive.validation.attacks.singling_out import singling_out

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sensitive.validation.attacks.case import Case, Written
    from jalostamo.managing.sensitive.validation.attacks.criteria import Criteria
    from jalostamo.managing.sensitive.validation.attacks.rates import Sample
    from jalostamo.managing.sensitive.validation.attacks.sight import Sight

SUITE: Final = "3"
"""Another number wherever an attack becomes another one."""


def attack(engine: Engine, case: Case, criteria: Criteria, *, sample: Sample) -> Evidence:
    """Run every attack of the suite on a release."""
    wanted = case.release.columns
    names = [*(column.name for column in wanted), *case.sensitive]
    written = _opened(engine, case.release, names)
    refuse_missing("The source", case.source.columns, [*names, *case.units])
    beside = {"sensitive": case.sensitive, "units": case.units}
    sight = sight_of(engine, written, case.source, columns=wanted, control=case.control, **beside)
    _refuse_another_source(sight)
    judge = Judge(criteria, sample)
    # A release of nobody has no class to look at.
    attacks = (_of_predicates, _of_lists, _of_values, _of_classes, _of_the_source) if sight.total else ()
    found = [
        *(finding for attacked in attacks for finding in attacked(sight, judge)),
        *_of_units(sight, case, judge),
        *_of_order(engine, case, judge),
        judge.counted("minimality.bits", bits_told(case.generalisations)),
        *_crossed(engine, case, judge),
        *_of_choice(sight, case, judge),
        *_of_printed(sight, case, judge),
    ]
    release, with_control = digest_of(case.release.path), case.control is not None
    beside_it = (*(each.name for each in case.earlier), *_cubes(case))
    return Evidence(SUITE, release, criteria, sample, with_control, tuple(found), case.units or ("row",), beside_it)


def _opened(engine: Engine, written: Written, needed: Sequence[str]) -> ir.Table:
    refuse_missing(written.name, parquet_header(written.path, kept=needed), needed)
    return engine.read_parquet(written.path)


def _refuse_another_source(sight: Sight) -> None:
    strange = int((sight.rows > sight.people).sum())
    if strange:
        raise Unfit(
            f"In {strange} of {len(sight.rows)} classes the release has more rows than its source has people: "
            "name the table and the hierarchies that it was made of.",
            reason="other_source",
        )


def _of_predicates(sight: Sight, judge: Judge) -> Iterator[Finding]:
    found, figure = singling_out(sight, judge.sample), "singling_out.risk"
    for of, risk in (("one column", found.univariate), ("several columns", found.multivariate)):
        # Every predicate fits a class at least: where none of these has one row, none fits one person.
        nobody = found.smallest_class > 1 and not risk.main.successes
        yield judge.counted(figure, 0.0, of) if nobody else judge.drawn(figure, risk, of)
    yield judge.counted("singling_out.smallest_class", found.smallest_class)
    yield judge.counted("singling_out.alone_in_release", found.alone_in_release)
    yield judge.counted("singling_out.alone_in_source", found.alone_in_source)
    yield judge.counted("singling_out.alone_with_value", found.alone_with_value)


def _of_lists(sight: Sight, judge: Judge) -> Iterator[Finding]:
    if len(sight.columns) > 1:
        yield judge.drawn("linkability.risk", linkability(sight, judge.sample))


def _of_values(sight: Sight, judge: Judge) -> Iterator[Finding]:
    for number, told in enumerate(sight.told):
        yield judge.drawn("inference.risk", inference(sight, judge.sample, column=number), told.column)


def _of_classes(sight: Sight, judge: Judge) -> Iterator[Finding]:
    likely, likelier = judge.criteria.likely, judge.criteria.likelier
    for number, told in enumerate(sight.told):
        found = homogeneity(sight, likely=likely, likelier=likelier, column=number)
        for name, share in asdict(found).items():
            yield judge.counted(f"homogeneity.{name}", share, told.column)


def _of_the_source(sight: Sight, judge: Judge) -> Iterator[Finding]:
    found = insider(sight, k=judge.criteria.k)
    yield judge.counted("insider.fewest_candidates", found.fewest_candidates)
    yield judge.counted("insider.share_below", found.share_below)
    for number, told in enumerate(sight.told):
        knows = learned(sight, column=number)
        yield judge.counted("insider.certain", knows.certain, told.column)
        yield judge.counted("insider.mean_gain", knows.mean_gain, told.column)


def _of_units(sight: Sight, case: Case, judge: Judge) -> Iterator[Finding]:
    for unit, fewest in zip(case.units, units_alike(sight) if sight.total else (), strict=False):
        yield judge.counted("insider.fewest_units", fewest, unit)


def _of_order(engine: Engine, case: Case, judge: Judge) -> Iterator[Finding]:
    path, names = case.release.path, [column.name for column in case.release.columns]
    written = pyarrow.parquet.read_schema(path).names
    others = [name for name in written if name not in names and name in case.source.columns]
    # Rows that are alike in all that is written may stand in any order. One column at a time: a release may be large.
    if not others or is_sorted(pyarrow.parquet.read_table(path, columns=[name])[name] for name in written):
        yield judge.counted("row_order.risk", 0.0)
        return
    # Rows in the order of their source: what the attack is about cannot be counted.
    source = arrow_of(engine, case.source.select(*names, *others))
    release = pyarrow.parquet.read_table(path)
    for name in others:
        risk = row_order(release, source, columns=case.release.columns, told=name, sample=judge.sample)
        yield judge.drawn("row_order.risk", risk, name)


def _of_choice(sight: Sight, case: Case, judge: Judge) -> Iterator[Finding]:
    if case.choosing is None or not sight.total:
        return
    limit = judge.criteria.by_figure.get("minimality.gain")
    by = limit.at_most if limit is not None and limit.at_most is not None else 0.0
    for number, told in enumerate(sight.told):
        found = suspected(sight, case.choosing, column=number, by=by, sample=judge.sample)
        yield judge.counted("minimality.gain", found.gain, told.column)
    for number, column in enumerate(sight.columns):
        risk = downcoding(sight, case.choosing, column=number, likely=judge.criteria.likely)
        if risk is not None:
            yield judge.drawn("downcoding.risk", risk, column.name)


def _crossed(engine: Engine, case: Case, judge: Judge) -> tuple[Finding, ...]:
    return tuple(finding for earlier in case.earlier for finding in _of_crossing(engine, case, earlier, judge))


def _of_crossing(engine: Engine, case: Case, earlier: Written, judge: Judge) -> Iterator[Finding]:
    k, name = judge.criteria.k, earlier.name
    before = _opened(engine, earlier, [column.name for column in earlier.columns])
    both = [column for column in case.sensitive if column in before.columns]
    written = engine.read_parquet(case.release.path)
    first, second = _both(engine, case, earlier, (written, before), sensitive=both)
    yield judge.counted("crossing.left_over", left_over(first, second, k=k, same_rows=earlier.linked is None), name)
    crossed = crossing(first, second, k=k, column=None)
    if not crossed.people:
        return
    fewest = judge.counted("crossing.fewest_candidates", crossed.fewest_candidates, name)
    # Rows of two times are no longer the same rows: few may move alike, and each still be among many in both.
    yield fewest if earlier.linked is None else replace(fewest, outcome="told")
    yield judge.counted("crossing.share_below", crossed.share_below, name)
    for number, column in enumerate(both):
        values = crossing(first, second, k=k, column=number)
        yield judge.counted("crossing.one_value", values.one_value, f"{name}, {column}")
        yield judge.counted("crossing.changed", values.changed, f"{name}, {column}")


def _both(
    engine: Engine, case: Case, earlier: Written, tables: tuple[ir.Table, ir.Table], *, sensitive: Sequence[str]
) -> list[Sight]:
    """Two releases beside their people: those that are known to be in both, or as they are recorded now."""
    written, before = tables
    if earlier.linked is None:
        refuse_missing("The source", case.source.columns, [column.name for column in earlier.columns])
        releases = [(written, case.release.columns), (before, earlier.columns)]
        return sights_of(engine, releases, case.source, sensitive=sensitive)
    renamed = before.rename({f"{BEFORE}{column.name}": column.name for column in earlier.columns})
    columns = [replace(column, name=f"{BEFORE}{column.name}") for column in earlier.columns]
    return sights_of(engine, [(written, case.release.columns), (renamed, columns)], earlier.linked, sensitive=sensitive)


def _of_printed(sight: Sight, case: Case, judge: Judge) -> Iterator[Finding]:
    for number, printed in enumerate(case.printed, 1):
        small = differencing(sight, printed, k=judge.criteria.k).small
        yield judge.counted("differencing.small", small, printed.name or f"cube {number}")


def _cubes(case: Case) -> Iterator[str]:
    return (printed.name or f"cube {number}" for number, printed in enumerate(case.printed, 1))


def together(engine: Engine, case: Case, criteria: Criteria, *, sample: Sample) -> tuple[Finding, ...]:
    """Run those attacks alone that a release is open to beside earlier ones and printed cells."""
    judge = Judge(criteria, sample)
    written = _opened(engine, case.release, [*(column.name for column in case.release.columns), *case.sensitive])
    sight = sight_of(engine, written, case.source, columns=case.release.columns, sensitive=case.sensitive)
    _refuse_another_source(sight)
    return (*_crossed(engine, case, judge), *_of_printed(sight, case, judge))
