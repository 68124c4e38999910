"""Addresses of hand-over: a referral stands in them by its own id."""

from django.urls import path

from lianfang.doors.hq import (
    aliases,
    referral_acts,
    referral_day,
    referral_letter,
    referral_page,
    referral_places,
    referral_sheets,
    referral_type_in,
    referrals,
    waiting,
)

urlpatterns = [
    path("desk/referrals", referrals.referral_list, name="referrals"),
    path("desk/referrals/day", referral_day.referral_day, name="referral-day"),
    path("desk/referrals/sheet", referral_sheets.sheet, name="referral-sheet"),
    path("desk/referrals/sheet/type-in", referral_type_in.type_in_sheet, name="type-in-sheet"),
    path("desk/referrals/places", referral_places.unplaced_list, name="unplaced"),
    path("desk/referrals/<uuid:referral_id>", referral_page.referral_page, name="referral"),
    path("desk/referrals/<uuid:referral_id>/unmask", referral_page.unmask, name="unmask-referral"),
    path("desk/referrals/<uuid:referral_id>/answer", referral_acts.answer_referral, name="answer-referral"),
    path("desk/referrals/<uuid:referral_id>/place", referral_places.place_referral, name="place-referral"),
    path("desk/referrals/<uuid:referral_id>/move", referral_acts.move_referral, name="move-referral"),
    path(
        "desk/referrals/<uuid:referral_id>/withdraw",
        referral_acts.withdraw_referral,
        name="withdraw-referral",
    ),
    path("desk/referrals/<uuid:referral_id>/letter", referral_letter.letter, name="letter"),
    path(
        "desk/referrals/<uuid:referral_id>/letter/<uuid:event_id>",
        referral_letter.letter_again,
        name="letter-again",
    ),
    path("desk/aliases", aliases.alias_list, name="aliases"),
    path("desk/aliases/<int:alias_id>/take-back", aliases.take_back, name="take-back-alias"),
    path("desk/referrals/<uuid:referral_id>/letter.docx", referral_letter.letter_file, name="letter-file"),
    path("desk/waiting", waiting.waiting_list, name="waiting"),
    path("desk/waiting/<uuid:waiting_id>/accept", waiting.accept, name="accept-waiting"),
    path("desk/waiting/<uuid:waiting_id>/close", waiting.close, name="close-waiting"),
]
