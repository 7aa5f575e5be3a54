import { ok } from '../../kernel/result.ts'
import { alphabetOf, characterClasses } from '../passwords/alphabet.ts'
import { bitsOf } from '../passwords/entropy.ts'
import { policyOf } from '../passwords/policies.ts'
import { exceptionFloor, longestPassword, passwordFloor } from '../passwords/rule.ts'
import { changed, isAdministrator, no, type Rule } from './rule.ts'

/** Passwords are made at any hour: so many policies are looked through for each. */
const most = 500
/** What is weaker than it should be is replaced before long. */
const exceptionDays = 30

/** What passwords have to be: demanded and excepted by administrators with a fresh code, never below what the code says is the least. */
export const passwordPolicy: Rule = async (c) => {
  const { after, before, view, context } = c
  if (!isAdministrator(c.actor)) return no('Password policies are made and changed by administrators with a fresh code.', 'Ask one.')
  if (before?.state === 'retired') return no('A retired password policy stays so.', 'Add another one.')
  if (before && changed(c).some((k) => ['id', 'name', 'tier', 'kind', 'target_id'].includes(k)))
    return no('A password policy keeps its name and what it is for.', 'Retire it and add another one.')
  if (before && (before.exception === null) !== (after.exception === null))
    return no('An exception stays one, and a policy stays one.', 'Retire it and add another one.')
  if (!before && context.notary.idsOf('password_policy').length >= most)
    return no(`There are ${most} password policies.`, 'Change one that there is.')
  if (after.target_id !== null) {
    const target = await view.read('target', String(after.target_id))
    if (!target.ok) return target
  } else if (after.exception !== null) return no('An exception is for one target.', 'Name the target.')

  const { length, classes, excluded, exception } = policyOf(after)
  const floor = exception === null ? passwordFloor : exceptionFloor
  const days = after.max_age_days
  if (exception !== null && (exception.trim() === '' || typeof days !== 'number' || days > exceptionDays))
    return no(`An exception has a reason, and what it allows is replaced after ${exceptionDays} days at most.`, 'Say both.')
  if (days !== null && !(Number.isInteger(days) && Number(days) >= 1 && Number(days) <= 365))
    return no('Passwords are replaced after 1 to 365 days.', 'Choose an age.')
  const alphabet = alphabetOf(classes, excluded)
  const known = classes.every((k) => characterClasses.includes(k)) && new Set(classes).size === classes.length
  const usable = known && Number.isInteger(length) && length <= longestPassword && alphabet.every((set) => set.length > 0)
  if (!usable || length < floor.length || classes.length < floor.classes || bitsOf(length, alphabet) < floor.bits)
    return no(
      `${exception === null ? 'A password policy' : 'An exception'} asks for at least ${floor.length} characters, at most ${longestPassword}, of ${floor.classes} or more sorts, and for ${floor.bits} bits.`,
      'Choose more.',
    )
  return ok(undefined)
}
