// Everything about bringing credentials from elsewhere: the operations, and how exports are read on the machine of who has them.
export * from './import/csv.ts'
export * from './import/forms.ts'
export * from './import/words.ts'
export * from './routes/onboarding.ts'
