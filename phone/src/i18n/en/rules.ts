/** Words of rules as data: their questions, their time, proposals to turn back, and where phone and server disagree. */
export const rules = {
  questions: {
    title: 'Questions of the rules',
    resident: 'Lives in this city?',
    yes: 'Yes',
    no: 'No',
    next: 'Next',
    whole: 'A whole number, please, up to 1000000',
  },
  rules: {
    lapsed: 'The rules are over: register and re-measure as ever, and send fever and symptoms to the fever clinic; quarantine, telling the grid and turning back are no longer asked for',
    ended: 'Headquarters has ended the rules: register and re-measure as ever, and send fever and symptoms to the fever clinic; quarantine, telling the grid and turning back are no longer asked for',
  },
  turnBack: {
    decided: 'The officer in charge decides and writes down why. Do not turn anybody back yourself.',
    never: 'Nobody is turned back of whom one of these holds: lives in this city; Purpose is Returning, Medical, Emergency; Temperature ≥ 37.3 °C; has symptoms.',
  },
  disagree: {
    title: 'The server decided otherwise',
    mark: 'Disagrees',
    bar: '{n} vehicle(s) on which the server decided otherwise: tap to see',
    empty: 'Nothing waits to be seen.',
    told: 'Told at the barrier',
    decided: 'Decided by the server',
    nothing: 'Registered, nothing else asked',
    person: 'Person {n}',
    done: 'Seen and dealt with',
    act: {
      FEVER_CLINIC: 'Call the person back for the fever clinic; if that fails, tell the officer in charge at once.',
      TURN_BACK_PROPOSED: 'Tell the officer in charge, who decides and writes down why. Do not turn anybody back yourself.',
      QUARANTINE: 'Call the person back and explain; if they are far away, the village at the destination sees it in its list of arrivals.',
      NOTIFY_GRID: 'Call the person back and explain; if they are far away, the village at the destination sees it in its list of arrivals.',
      RE_MEASURE: 'Call the person back to be measured again indoors; if they are far away, tell the officer in charge.',
      NO_LONGER: 'What was told no longer holds: call the person back or telephone; the village goes by the server.',
      NONE: 'Nothing else is asked of the person; no need to call them back.',
    },
  },
};
