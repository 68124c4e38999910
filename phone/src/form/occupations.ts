/** Occupations offered in one tap, after the columns of the paper register; the field takes any other word. */
export const OCCUPATIONS = ['WORKER', 'FARMER', 'TRADE', 'EMPLOYEE', 'DRIVER', 'STUDENT', 'MEDICAL', 'TEACHER', 'OFFICIAL', 'HOME', 'RETIRED', 'NONE', 'PRESCHOOL', 'SERVICE'] as const;

export type Occupation = (typeof OCCUPATIONS)[number];
