/**
 * The words that a policy may use. A policy with any other word is refused when it is loaded, and a question that does not fit is
 * an error, so that a misspelt attribute cannot make a forbid fall silent.
 *
 * `resource in Tier::"0"` is the effective tier: the more critical of the account's and the target's.
 */
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

type Circumstances = {
  phase: String,
  seconds: Long,
  hasItsmTicket: Bool,
  approvals: Long,
  approverIsRequester: Bool,
  mfaAgeSeconds: Long,
};
action connect, reveal appliesTo { principal: Person, resource: Account, context: Circumstances };
`
