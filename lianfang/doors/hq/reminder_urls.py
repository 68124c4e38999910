"""Addresses of reminders: a robot stands in them by its own id, never by its webhook."""

from django.urls import path

from lianfang.doors.hq import reminders

urlpatterns = [
    path("desk/reminders", reminders.reminders, name="reminders"),
    path("desk/reminders/robots/add", reminders.add, name="add-robot"),
    path("desk/reminders/robots/<uuid:robot_id>/test", reminders.test, name="test-robot"),
    path("desk/reminders/robots/<uuid:robot_id>/retire", reminders.retire, name="retire-robot"),
]
