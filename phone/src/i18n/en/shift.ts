import type { shift as chinese } from '../zh-Hans/shift';

export const shift: typeof chinese = {
  shift: {
    title: 'Start {shift} (until {until})',
    codes: { NIGHT: 'night shift', DAY: 'day shift', EVENING: 'evening shift' },
    officer: 'Number',
    recent: 'Recent officers',
    lane: 'Lane',
    crew: 'Crew',
    crewMore: 'Others here',
    crewAdd: 'Add',
    pinPad: 'PIN keypad',
    pin: 'PIN',
    pinNew: 'First time here: choose a PIN of 4–6 digits',
    pinAgain: 'Type the new PIN again',
    checking: 'Checking',
    typed: '{n} digits typed',
    start: 'Start',
    readiness: 'Check the phone',
    forgotten: 'PIN forgotten',
    trouble: {
      OFFICER: 'Give the officer’s number first',
      SHORT: 'A PIN has 4–6 digits',
      DIFFERENT: 'The two differ: choose again',
      WRONG: 'Not this PIN, please try again',
      PAUSE: 'Too many wrong tries: wait {time}. If the PIN is forgotten, ask headquarters for a new code.',
      NOT_KEPT: 'Not saved, most likely because the phone is full: free some space and try again',
    },
    overdue: 'The shift is over: finish this vehicle, then hand over',
    on: 'On duty',
    change: 'Hand over, end shift',
  },
};
