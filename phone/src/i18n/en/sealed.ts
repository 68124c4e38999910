import type { sealed as chinese } from '../zh-Hans/sealed';

export const sealed: typeof chinese = {
  sealed: {
    record: 'Record {n} (sealed)',
    car: 'The car registered at {time}',
    capturedAt: 'Registered',
    peopleCount: 'People',
    about: 'Names, documents and plate are sealed; this phone cannot read them either. What is left is the time, the number of people, the state and the server’s answer. To correct the vehicle or a person, ask headquarters to do it at the desk.',
    aboutCorrection: 'What was corrected is sealed; this phone cannot read it either. To change it again, ask headquarters to do it at the desk.',
    setAsideHelp: 'The server could not read this record. It is sealed, so it cannot be mended here; send it again as it is, or export a file for headquarters.',
    heldHelp: 'Headquarters has closed the enrolment under which this was captured, so it is not sent by itself. Export a file for headquarters; the record stays on this phone.',
    savedHeld: '✓ Saved and sealed on this phone; only an export can move it',
    held: '{n} records can only be exported for headquarters. Tap to see',
  },
  exporting: {
    title: 'Export a sealed file',
    about: 'For a phone that never gets online again, is broken or was revoked: the {n} records that have not arrived are saved in one file, which headquarters imports. The file is sealed; only the city’s server opens it. Exporting deletes nothing here, and importing twice registers nothing twice.',
    act: 'Export a sealed file',
    working: 'Exporting',
    done: '{n} exported. The records stay on this phone.',
    needsKey: '{n} records are not sealed yet; connect once before exporting.',
    failed: 'The export did not work; all records are still here. Please try again.',
  },
  wiped: {
    title: 'This phone was cleared as headquarters asked',
    body: 'The register of places, recent choices, reading keys and anything half typed were deleted from this phone.',
    reason: 'Reason: {reason}',
    sending: '{n} sealed records wait to be sent. They go by themselves once connected; there is nothing to do.',
    left: '{n} sealed records have not arrived. Export a file for headquarters.',
    none: 'Every record has arrived; nothing registered is kept on this phone.',
    dropped: 'As headquarters asked, the records that had not arrived were deleted too.',
    reporting: 'Waiting for the network to tell headquarters.',
    reported: 'Headquarters has been told. Please hand the phone back, or enrol it again.',
  },
  room: {
    little: 'Only {mb} MB of room are left on this phone. Delete photos or videos, or records can no longer be kept.',
  },
  homeScreen: {
    title: 'Add to the home screen',
    offer: 'Add this page to the home screen: it opens without network, and the system does not clear its records. Tap to see how',
    step1: 'Tap Safari’s Share button (a square with an arrow up)',
    step2: 'Scroll down and tap “Add to Home Screen”',
    step3: 'Tap “Add” at the top right',
    step4: 'Open it from that icon, type the enrolment code there, and use the icon from now on',
    why: 'A page opened in Safari may be cleared by the system when it is not used for seven days; one on the home screen is not.',
    notSafari: 'Open this page in Safari first; inside WeChat it cannot be added.',
  },
};
