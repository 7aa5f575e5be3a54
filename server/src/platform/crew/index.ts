export { joinCrew, type Membership } from './join-crew.ts'
export { type Crew, leadCrew } from './lead-crew.ts'
export { alone, type Chorus, type Place, type Visit } from './words.ts'
