"""Feedback on accessibility: anybody leaves it, an administrator answers, and the address is then forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core import mail

if TYPE_CHECKING:
    from django.test import Client

type Cast = Callable[..., Client]

SAID = {"text": "The table does not fit.", "page": "/cases/", "address": "reader@example.fi"}


def test_anybody_leaves_feedback_and_hears_of_the_answer_once(cast: Cast) -> None:
    from django.test import Client
    from django.utils import timezone

    from townhall.people.feedback import send_answers
    from townhall.people.models import Feedback

    assert Client(headers={"accept-language": "sv"}).post("/accessibility/", SAID).status_code == 302
    left = Feedback.objects.get()
    administrator = cast("f-adm", "en")
    assert SAID["text"] in administrator.get("/accessibility/feedback/").content.decode()
    for answer in ("It fits now.", "Too late."):
        administrator.post(f"/accessibility/feedback/{left.pk}/", {f"answer-{left.pk}": answer})
    assert [send_answers(limit=9, at=timezone.now()) for _ in range(2)] == [1, 0]
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([SAID["address"]], "Svar på din tillgänglighetsrespons")
    assert "It fits now." in sent.body
    assert Feedback.objects.get().address == ""
    assert "It fits now." in administrator.get("/accessibility/feedback/?which=answered").content.decode()


def test_feedback_that_says_nothing_or_comes_too_often_is_not_kept_and_its_text_not_lost(db: None) -> None:
    from django.test import Client

    from townhall.people.models import Feedback

    client = Client(headers={"accept-language": "en"})
    for wrong in ({**SAID, "text": " "}, {**SAID, "text": "x" * 5001}, {**SAID, "address": "nobody"}):
        assert client.post("/accessibility/", wrong).status_code == 409
    assert [client.post("/accessibility/", SAID).status_code for _ in range(6)] == [302] * 5 + [429]
    refused = client.post("/accessibility/", SAID).content.decode()
    assert SAID["text"] in refused and "send it later" in refused
    assert Feedback.objects.count() == 5


def test_the_queue_is_the_administrators_alone(cast: Cast) -> None:
    from django.test import Client

    for person in ("f-ini", "f-aud", "f-ser"):
        assert cast(person).get("/accessibility/feedback/").status_code == 403
        assert cast(person).post("/accessibility/feedback/1/", {"answer-1": "No."}).status_code == 403
    assert Client().get("/accessibility/feedback/").status_code == 302


def test_the_statement_says_each_part_that_the_law_asks_for_in_each_language(db: None) -> None:
    from django.test import Client

    parts = {
        "fi": (
            "osittain",
            "Mikä ei ole saavutettavaa",
            "Arvio on",
            "14 päivän",
            "valvontaviranomaiselle",
            "23.11.2026",
        ),
        "sv": (
            "delvis",
            "Vad som inte är tillgängligt",
            "Bedömningen är",
            "14 dagar",
            "tillsynsmyndigheten",
            "23.11.2026",
        ),
        "en": ("in part", "What is not accessible", "assessed it", "14 days", "supervisory authority", "23 Nov 2026"),
    }
    for language, said in parts.items():
        page = Client(headers={"accept-language": language}).get("/accessibility/").content.decode()
        assert not [each for each in said if each not in page], language
