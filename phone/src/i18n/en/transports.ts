/** Kinds of transport, the same for officers and travellers. */
export const transports = {
  CAR: 'Car',
  TRUCK: 'Truck',
  COACH: 'Coach',
  BUS: 'Bus',
  TAXI: 'Taxi',
  MOTORCYCLE: 'Motorcycle',
  TRAIN: 'Train',
  FOOT: 'On foot',
  OTHER_VEHICLE: 'Other vehicle',
  OTHER: 'Other',
};
