import { credentialKinds } from '../../kernel/credential-kinds.ts'
import { defineUnreachedKind } from '../contract.ts'
import { storedSettings } from './settings.ts'

/** An application or a service that Claviger does not reach itself. See README.md beside this file. */
export const stored = defineUnreachedKind({ name: 'stored', settings: storedSettings, credentialKinds })
