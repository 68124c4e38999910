"""Plain lists that phones fetch and desks show: symptoms and purposes, each with its word in both languages."""

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Choice:
    """A code, and its word; as text it is the reader's language."""

    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


# What the Liaoning form of February 2020 asks about; the order is that of the officer's chips.
SYMPTOMS = (
    Choice("FEVER", "发热", "Fever"),
    Choice("COUGH", "干咳", "Cough"),
    Choice("FATIGUE", "乏力", "Fatigue"),
    Choice("BREATHLESSNESS", "气促", "Short of breath"),
    Choice("SORE_THROAT", "咽痛", "Sore throat"),
    Choice("MUSCLE_ACHE", "肌肉酸痛", "Muscle ache"),
    Choice("RUNNY_NOSE", "鼻塞流涕", "Runny nose"),
    Choice("DIARRHOEA", "腹泻", "Diarrhoea"),
    Choice("OTHER", "其他不适", "Other complaint"),
)
# What the city must not run out of: freight and supplies pass by these classes, enterprises resume by them.
PASS_CLASSES = (
    Choice("CITY_RUNNING", "城乡运行", "Running of town and country"),
    Choice("EPIDEMIC_CONTROL", "疫情防控", "Epidemic control"),
    Choice("ENERGY", "能源供应", "Energy supply"),
    Choice("TRANSPORT", "交通物流", "Transport and logistics"),
    Choice("MEDICAL_SUPPLIES", "医用物资", "Medical supplies"),
    Choice("NECESSITIES", "生活必需品", "Daily necessities"),
    Choice("MAJOR_WORKS", "重大工程", "Major works"),
    Choice("KEY_PROJECTS", "重点项目", "Key projects"),
)
PURPOSES = (
    Choice("RESIDENT_RETURN", "返乡", "Returning"),
    Choice("COMMUTE", "通勤", "Commute"),
    Choice("FREIGHT", "货运", "Freight"),
    Choice("SUPPLIES", "保供", "Supplies"),
    Choice("TRANSIT", "过境", "Transit"),
    Choice("MEDICAL", "就医", "Medical"),
    Choice("EMERGENCY", "急救", "Emergency"),
    Choice("OFFICIAL", "公务", "Official"),
    Choice("VISIT", "探访", "Visit"),
    Choice("OTHER", "其他", "Other"),
)
