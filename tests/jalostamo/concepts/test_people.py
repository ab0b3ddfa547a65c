"""Roles, customers and organisations: the tables are complete, and what cannot be is refused."""

from __future__ import annotations

import pytest

from jalostamo.concepts.customers import COUNTED_KINDS, CUSTOMER_LABELS, CustomerKind
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.identifiers import BusinessId
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.concepts.organisations import Controller, OperatingModel, Organisation, OrganisationKind, Unit
from jalostamo.concepts.roles import ROLES, CompetenceProfile, Environment, Role

NAME = Text("Sosiaalipalvelut", "Socialservicen", "Social services")


def test_every_role_is_described_once() -> None:
    assert [described.role for described in ROLES] == list(Role)


def test_no_two_roles_are_called_the_same() -> None:
    for language in LANGUAGES:
        assert len({described.title.in_language(language) for described in ROLES}) == len(Role)


def test_only_who_handles_persons_works_in_the_sensitive_environment() -> None:
    sensitive = {described.role for described in ROLES if described.environment is Environment.SENSITIVE}
    assert sensitive == {Role.SYSTEMS_EXPERT, Role.ANONYMISATION_EXPERT, Role.VALIDATOR}


def test_the_handbook_names_five_competence_profiles() -> None:
    assert len(CompetenceProfile) == 5


def test_every_kind_of_customer_has_a_label() -> None:
    assert set(CUSTOMER_LABELS) == set(CustomerKind)
    assert not {CustomerKind.SOCIETY, CustomerKind.ENVIRONMENT} & set(COUNTED_KINDS)


@pytest.mark.parametrize("kind", OrganisationKind)
def test_every_organisation_but_a_partner_is_an_authority(kind: OrganisationKind) -> None:
    assert Organisation("org", NAME, kind).is_authority is (kind.value != "partner")


def test_an_organisation_shown_hides_its_business_id() -> None:
    shown = repr(Organisation("org", NAME, OrganisationKind.PARTNER, BusinessId("2077474-0")))
    assert "2077474" not in shown


def test_a_unit_is_not_its_own_parent() -> None:
    assert Unit("a", NAME, "city", parent="b").operating_model is OperatingModel.GROUP_SUPPORTS
    with pytest.raises(Unfit) as refused:
        Unit("a", NAME, "city", parent="a")
    assert refused.value.reason == "unit_own_parent"


@pytest.mark.parametrize(("since", "until"), [("2023-01-01", None), ("2023-01-01", "2023-01-01")])
def test_a_controller_answers_for_whole_days(since: str, until: str | None) -> None:
    assert Controller("county", since, until).until == until


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("", None),
        ("1.1.2023", None),
        ("20230101", None),
        ("2023-02-30", None),
        ("2023-01-01", ""),
        ("2023-01-02", "2023-01-01"),
    ],
)
def test_a_controller_of_no_days_is_refused(since: str, until: str | None) -> None:
    with pytest.raises(Unfit) as refused:
        Controller("county", since, until)
    assert refused.value.reason == "controller_days"
