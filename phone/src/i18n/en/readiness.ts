import type { readiness as chinese } from '../zh-Hans/readiness';

export const readiness: typeof chinese = {
  readiness: {
    title: 'Before the shift',
    verdict: {
      GOOD: 'All is well: ready without network',
      MIND: 'Ready; {n} to keep in mind',
      BAD: '{n} to see to first',
    },
    go: 'To the form',
    states: { GOOD: 'good', MIND: 'mind', BAD: 'see to it' },
    names: {
      program: 'Program',
      rules: 'Rules',
      register: 'Register of places',
      readingKeys: 'Keys for travellers’ codes',
      scanner: 'Scanner',
      clock: 'Clock',
      storage: 'Storage',
      battery: 'Battery',
      enrolment: 'Enrolment',
      outbox: 'Outbox',
    },
    says: {
      program: {
        THERE: 'All {n} files are on this phone; it opens without network',
        MISSING: 'Not on this phone yet. Stay online and leave this page open for a moment.',
        UPDATE: 'A new version is here; take it before the shift',
      },
      rules: {
        NOW: 'Rules in force {hash}, just confirmed',
        THERE: 'Rules in force {hash}, confirmed {hours} h ago',
        OLD: 'Rules {hash} are {hours} h old; go online to renew them',
        OVER: 'The rules are over: register and re-measure as ever, and send fever and symptoms to the fever clinic, until headquarters has new ones.',
        MISSING: 'No rules: without network no measure can be told. Go online to fetch them.',
        NEWER: 'The rules are newer than the program: without network no measure can be told. Stay online until it is updated.',
      },
      register: { THERE: 'Edition {edition}, {n} places', MISSING: 'Not fetched yet: without network only codes can be typed. Go online to fetch it.' },
      readingKeys: {
        THERE: 'Today’s and tomorrow’s are here; travellers’ codes open without network',
        TODAY: 'Only today’s: no traveller’s code opens after midnight. Go online to renew them.',
        MISSING: 'None: without network no traveller’s code opens; type instead. Go online to fetch them.',
      },
      scanner: {
        THERE: 'The camera may be used',
        ASKS: 'The camera was not allowed yet; try it once now',
        DENIED: 'The camera is forbidden. Allow it in the browser’s site settings, or type.',
        NONE: 'This phone has no camera to use; type instead',
      },
      clock: {
        RIGHT: 'Within 2 minutes of the server’s',
        AHEAD: '{minutes} min fast; switch on automatic time in the system settings',
        BEHIND: '{minutes} min slow; switch on automatic time in the system settings',
        UNKNOWN: 'Not compared with the server yet; go online once',
      },
      storage: {
        THERE: '{mb} MB left; the system will not clear it',
        KEPT: 'The system will not clear it',
        LOOSE: '{mb} MB left, but the system may clear it. Protect it, or install the page to the home screen.',
        FULL: 'Only {mb} MB left, too little for a shift. Delete photos and videos first.',
      },
      battery: { THERE: '{percent}%', CHARGING: '{percent}%, charging', LOW: '{percent}%: not enough for a shift. Charge it, or bring a power bank.' },
      enrolment: {
        THERE: '{days} days left',
        SOON: '{hours} h left; ask headquarters for a new code',
        OVER: 'It has ended; ask headquarters for a new code. Unsent records stay.',
      },
      outbox: { EMPTY: 'Nothing waits', WAITING: '{n} unsent; they leave by themselves when online', SET_ASIDE: '{n} set aside; see to them in the outbox' },
    },
    acts: { TAKE_UPDATE: 'Take the new version', REFRESH: 'Renew now', TRY_CAMERA: 'Try the camera', PERSIST: 'Protect it', ENROL: 'Enter a code', SEND: 'Send now' },
  },
};
