/** What is proposed from the last trip of the plate in the form, and of the person in it. */
import { computed, type ComputedRef } from 'vue';
import { isKnownPlate, plateKey } from '../identity/plates';
import { closePad } from '../keypads/pad';
import { shanghaiDate } from '../clock/shanghai';
import { readDocument } from '../identity/documents';
import { isBlankPerson } from './draft';
import { fillCar, fillWay, useLastTrip } from './lastTrip';
import { advance, leadTo } from './lead';
import { lastTripOfDocument, lastTripOfPlate, type LastTrip } from './prefill';
import { desk, person } from './session';

export function useProposals() {
  const isNew = computed(() => desk.purpose.kind === 'NEW');

  const plate = useLastTrip(
    () => (isNew.value && isKnownPlate(desk.car.plate) ? plateKey(desk.car.plate) : ''),
    (key) => lastTripOfPlate(key, Date.now()),
  );
  const document = useLastTrip(
    () => (isNew.value && isWholeDocument() ? `${person.value.documentType} ${person.value.documentNumber}` : ''),
    () => lastTripOfDocument(person.value.documentType, person.value.documentNumber, Date.now()),
  );

  /** Not once its people stand in the list, nor for a car that has as many already. */
  const ofCar: ComputedRef<LastTrip | null> = computed(() => {
    const trip = plate.value;
    const isTaken = desk.car.people.some((one) => one.isExpected || !isBlankPerson(one));
    return trip && !isTaken ? trip : null;
  });
  const ofPerson: ComputedRef<LastTrip | null> = computed(() => {
    const last = document.value?.people[0];
    const says = last && (last.fromCode !== person.value.fromCode || last.toCode !== person.value.toCode);
    return says ? document.value : null;
  });

  function takeCar(): void {
    if (!ofCar.value) return;
    fillCar(desk.car, ofCar.value);
    closePad();
    void leadTo('name');
  }

  function takePerson(): void {
    const trip = document.value;
    if (!trip?.people[0]) return;
    desk.car.purpose ||= trip.purpose;
    fillWay(person.value, trip.people[0]);
    advance('document');
  }

  return { ofCar, ofPerson, takeCar, takePerson };
}

function isWholeDocument(): boolean {
  const { state } = readDocument(person.value.documentType, person.value.documentNumber, shanghaiDate(Date.now()));
  return state === 'VALID' || state === 'ACCEPTED';
}
