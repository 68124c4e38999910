"""Addresses of people and households. A person stands in them by the file's id, a door by its own."""

from django.urls import path

from lianfang.doors.hq import (
    duplicates,
    household_acts,
    household_figures,
    household_import,
    households,
    kin,
    people,
    people_acts,
)

urlpatterns = [
    path("desk/people", people.people, name="people"),
    path("desk/people/new", people_acts.new_person, name="new-person"),
    path("desk/people/duplicates", duplicates.duplicate_list, name="duplicates"),
    path("desk/people/duplicates/merge", duplicates.merge_pair, name="merge-people"),
    path("desk/people/duplicates/part", duplicates.part_pair, name="part-people"),
    path("desk/people/merges/<uuid:merge_id>/undo", duplicates.undo, name="undo-merge"),
    path("desk/people/<uuid:file_id>", people.person, name="person"),
    path("desk/people/<uuid:file_id>/unmask", people.unmask_person, name="unmask-person"),
    path("desk/people/<uuid:file_id>/amend", people_acts.amend_person, name="amend-person"),
    path("desk/people/<uuid:file_id>/move", people_acts.move_person, name="move-person"),
    path("desk/people/<uuid:file_id>/kin", kin.add_kin, name="add-kin"),
    path("desk/people/<uuid:file_id>/kin/<uuid:other_id>/take-back", kin.take_back_kin, name="take-back-kin"),
    path("desk/people/<uuid:file_id>/close", people_acts.close_person, name="close-person"),
    path("desk/households", household_figures.household_list, name="households"),
    path("desk/households/<uuid:household_id>", households.household_page, name="household"),
    path("desk/households/<uuid:household_id>/verify", household_acts.verify, name="verify-household"),
    path("desk/households/<uuid:household_id>/change", household_acts.change, name="change-household"),
    path("desk/households/<uuid:household_id>/members", household_acts.add_member, name="add-member"),
    path(
        "desk/households/<uuid:household_id>/members/<uuid:file_id>",
        people_acts.mark_person,
        name="mark-person",
    ),
    path("desk/households/<uuid:household_id>/join", household_acts.join_double, name="join-households"),
    path("desk/households/joins/<uuid:join_id>/undo", household_acts.part_double, name="part-households"),
    path("desk/households/<uuid:household_id>/close", household_acts.close, name="close-household"),
    path("desk/households/import", household_import.import_households, name="import-households"),
    path("desk/households/import/rows", household_import.leftover_rows, name="leftover-rows"),
    path("desk/households/new", household_acts.new_household, name="new-household"),
]
