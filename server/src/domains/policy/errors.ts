import { type ErrorOf, explain, type Faces } from '../../kernel/errors.ts'

/** Why a policy set is not loaded. `policy` is the name of the one that is wrong. */
interface PolicyErrors {
  'policy.does_not_parse': { policy: string; why: string }
  'policy.too_long': { policy: string }
  'policy.does_not_validate': { policy: string; why: string }
  'policy.annotation_missing': { policy: string; annotation: string }
  'policy.annotation_unknown': { policy: string; annotation: string; known: readonly string[] }
  'policy.annotation_bad': { policy: string; annotation: string; value: string; wants: string }
  'policy.mixed_actions': { policy: string }
  'policy.name_taken': { policy: string }
  'policy.folder_unreadable': { folder: string }
}
export type PolicyError = ErrorOf<PolicyErrors>

export const policyErrorFaces: Faces<PolicyErrors> = {
  'policy.does_not_parse': { http: 422, say: (e) => `Policy ${e.policy} is not one Cedar policy: ${e.why}. Correct its text.` },
  'policy.too_long': { http: 422, say: (e) => `Policy ${e.policy} is too long or too deeply nested. Split it into several policies.` },
  'policy.does_not_validate': { http: 422, say: (e) => `Policy ${e.policy} could never work as written: ${e.why}. Correct its text.` },
  'policy.annotation_missing': {
    http: 422,
    say: (e) => `Policy ${e.policy} does not say @${e.annotation}("…"). Add it: nothing is assumed.`,
  },
  'policy.annotation_unknown': {
    http: 422,
    say: (e) => `Policy ${e.policy} says @${e.annotation}, which means nothing here. Use only ${e.known.map((k) => `@${k}`).join(' ')}.`,
  },
  'policy.annotation_bad': {
    http: 422,
    say: (e) => `Policy ${e.policy} says @${e.annotation}("${e.value}"). It must be ${e.wants}.`,
  },
  'policy.mixed_actions': {
    http: 422,
    say: (e) => `Policy ${e.policy} permits both a way in and an act in sessions. Split it in two: each asks for other annotations.`,
  },
  'policy.name_taken': { http: 409, say: (e) => `There are two policies with the name or id ${e.policy}. Rename one.` },
  'policy.folder_unreadable': {
    http: 422,
    say: (e) => `No policies could be read from ${e.folder}. Restore the folder with its .cedar files.`,
  },
}

/** Why a set does not load, in a sentence. */
export const explainPolicy = (error: PolicyError): string => explain(policyErrorFaces, error).body.message
