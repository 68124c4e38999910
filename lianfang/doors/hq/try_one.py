"""Somebody who is nobody, tried on a rule set: plain facts in, the decision explained. No name, no number is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.explained_words import measures_told, told_of
from lianfang.doors.hq.forms import PlaceForm, text
from lianfang.doors.hq.mending.fields import date_input
from lianfang.doors.hq.questions_asked import Questions
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_words import said_in
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.screening.drafts import checked, draft_content, known
from lianfang.screening.explaining import explain
from lianfang.screening.facts import Facts
from lianfang.screening.queries import book
from lianfang.screening.rules import RuleSet
from lianfang.screening.shipped import SHIPPED, shipped
"""


"""
