"""The model register: Django finds every room's tables here. Nobody imports this file (a contract checks it)."""

from lianfang.checkpoints.models import (  # noqa: F401
    Checkpoint,
    ClockIn,
    ConflictItem,
    Correction,
    Declaration,
    Device,
    DeviceReport,
    Enrolment,
    PaperLine,
    PaperPad,
    Passage,
    PilotExplanation,
    Registration,
    Roster,
    ShiftClosing,
    ShiftHandover,
    TurnBack,
)
from lianfang.command.models import (  # noqa: F401
    ActivationLink,
    DisplayToken,
    DutyHandover,
    DutyPerson,
    DutySlot,
    DutySwap,
    Glass,
    GridStaff,
    Headquarters,
    Membership,
    Officer,
    OfficerNotice,
    Overlay,
    Posting,
    RecoveryCode,
    ResponsiblePerson,
    RosterAnswer,
    RosterToken,
    SetUpLink,
    SignInFailures,
    WorkGroup,
)
from lianfang.custody.models import Purge, RetentionRule  # noqa: F401
from lianfang.kernel.audit.models import AuditBlock, AuditEntry, AuditLeaf  # noqa: F401
from lianfang.messages.models import Message, MessageAttempt, Robot  # noqa: F401
from lianfang.notices.models import PlaceNotice  # noqa: F401
from lianfang.people.models import (  # noqa: F401
    Household,
    HouseholdJoin,
    Kinship,
    NotTheSame,
    Person,
    PersonCall,
    PersonMerge,
    PersonPhone,
    StayInHousehold,
)
from lianfang.quarantine.models import (  # noqa: F401
    CareNeed,
    CheckIn,
    CheckInLink,
    CheckInThresholds,
    Facility,
    FacilityRoom,
    FollowUp,
    OrderEvent,
    QuarantineOrder,
    QuarantineReason,
    VillageCheckIn,
    VillageReport,
)
from lianfang.referrals.models import (  # noqa: F401
    Referral,
    ReferralEvent,
    ReferralPosition,
    ReferralSheet,
    WaitingFact,
)
from lianfang.regions.models import Region, RegionAlias  # noqa: F401
from lianfang.screening.models import (  # noqa: F401
    Rescreened,
    Rescreening,
    RuleDraft,
    RulePeriod,
    ScreeningFact,
    ScreeningPosition,
    StoredRuleSet,
)
from lianfang.situation.models import (  # noqa: F401
    Cell,
    ClerkPosition,
    DistinctPeople,
    Fold,
    FoldPosition,
    LastRecord,
    LastSent,
    QualityTask,
    SettledCell,
)
