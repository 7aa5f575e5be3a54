import { actAttributes } from './session-act.ts'

/**
 * The words that a policy may use. A policy with any other word is refused when it is loaded, and a question that does not fit is
 * an error, so that a misspelt attribute cannot make a forbid fall silent.
 *
 * `resource in Tier::"0"` is the effective tier: the more critical of the account's and the target's.
 */
const circumstances = `
  phase: String,
  seconds: Long,
  hasItsmTicket: Bool,
  approvals: Long,
  approverIsRequester: Bool,
  mfaAgeSeconds: Long,`

/** Each act has the circumstances too, so that a policy about every action fits it. */
const acts = Object.entries(actAttributes)
  .map(
    ([action, attributes]) =>
      `action ${action} appliesTo { principal: Person, resource: Account, context: {${circumstances} ${attributes} } };`,
  )
  .join('\n')

export const schemaText = `
entity Group;
entity Tier enum ["0", "1", "2", "3"];
entity Environment enum ["production", "staging", "development", "lab"];
entity Kind;
entity Scope;

entity Person in [Group];
entity Target in [Environment, Kind, Scope] { name: String };
entity Account in [Target, Tier] {
  name: String,
  category: String,
  tier: Long,
  privileges: Set<String>,
};

type Circumstances = {${circumstances}
};
action connect, reveal appliesTo { principal: Person, resource: Account, context: Circumstances };
${acts}
`
