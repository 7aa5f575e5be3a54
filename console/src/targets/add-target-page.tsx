import type { inventory, LoginKind } from '@claviger/api'
import { Button, Checkbox, NativeSelect, PasswordInput, Stack, Textarea, TextInput } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useAddTarget, useIdentify, useKinds } from '../data/inventory.ts'
import { IdentityFacts } from '../inventory/identity-facts.tsx'
import { ScopesField } from '../inventory/scopes-field.tsx'
import { type Given, missing, readSettings, SettingsFields, startWith } from '../inventory/settings-fields.tsx'
import { usePasskeys } from '../passkeys/use-passkeys.ts'
import { links } from '../paths.ts'
import { ActionBar } from '../ui/action-bar.tsx'
import { announce } from '../ui/announcer.tsx'
import { CodeOrPasskey } from '../ui/code-or-passkey.tsx'
import { DetailLoading, DetailPage } from '../ui/detail-page.tsx'
import { Failure, Problem } from '../ui/failure.tsx'
import { PageHeading } from '../ui/page-heading.tsx'
import { useStepUp } from '../ui/use-step-up.ts'
import { useTitle } from '../ui/use-title.ts'
import { credentialWords, fieldName, tierWords } from '../words/inventory.ts'
import styles from './add-target-page.module.css'

const environments = ['production', 'staging', 'development', 'lab'] as const

/** Protecting another system: how it is reached, who it is, and the account that manages it, in the order in which each needs the one before. */
export function AddTargetPage() {
  useTitle('Add target')
  const kinds = useKinds()
  return (
    <DetailPage back={links.targets()} list="Targets">
      <PageHeading>Add a target</PageHeading>
      {kinds.isPending && <DetailLoading />}
      {kinds.error && <Failure error={kinds.error} retry={() => kinds.refetch()} />}
      {kinds.data && <AddForm kinds={kinds.data} />}
    </DetailPage>
  )
}

const loginKindsOf = (kind: inventory.Kind | undefined): LoginKind[] =>
  (kind?.credentialKinds ?? []).filter((k): k is LoginKind => k === 'password' || k === 'ssh-key')

function AddForm({ kinds }: { kinds: NonNullable<ReturnType<typeof useKinds>['data']> }) {
  const [kindName, setKindName] = useState(kinds[0]?.name ?? '')
  const kind = kinds.find((k) => k.name === kindName)
  const fields = kind?.settings ?? []
  const [name, setName] = useState('')
  const [environment, setEnvironment] = useState<(typeof environments)[number]>('production')
  const [tier, setTier] = useState('1')
  const [scopes, setScopes] = useState<inventory.Target['scopes']>([])
  const [given, setGiven] = useState<Given>(startWith(fields))
  const [compared, setCompared] = useState(false)
  const [login, setLogin] = useState('')
  const reached = kind?.reached ?? true
  const [loginKind, setLoginKind] = useState<LoginKind>(loginKindsOf(kind)[0] ?? 'password')
  const [secret, setSecret] = useState('')
  const identify = useIdentify()
  const add = useAddTarget()
  const navigate = useNavigate()
  const { usable } = usePasskeys()

  // an identity belongs to the address that was asked
  const reset = () => {
    identify.reset()
    setCompared(false)
  }
  const settings = readSettings(fields, given)
  const lacking = missing(fields, given)
  const identity = identify.data
  const lacks =
    name.trim() === ''
      ? 'Give it a name.'
      : lacking
        ? `Give its ${fieldName(lacking).toLowerCase()}.`
        : reached && !identity
          ? 'Ask it who it is.'
          : reached && !compared
            ? 'Compare the identity with what the system itself shows.'
            : reached && (login.trim() === '' || secret === '')
              ? 'Give the account that manages it, with its credential.'
              : undefined
  const stepUp = useStepUp(async (code) => {
    const target = await add.mutateAsync({
      name: name.trim(),
      kind: kindName,
      environment,
      tier: Number(tier),
      scopes,
      settings,
      ...(reached && identity && { identity, login: { account: login.trim(), kind: loginKind, secret } }),
      code,
    })
    setSecret('')
    announce(
      reached ? `Added ${target.name}, with ${target.accounts} privileged accounts.` : `Added ${target.name}. Bring in its credentials.`,
    )
    void navigate(links.target(target.id))
  })
  const blocked = lacks ?? (stepUp.code.length < 6 ? `Give a fresh code${usable ? ', or use a passkey' : ''}.` : undefined)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!blocked && !stepUp.busy) void stepUp.say('code')
  }

  return (
    <form onSubmit={submit} className={styles.form}>
      <fieldset className={styles.step}>
        <legend>1. The system</legend>
        <div className={styles.pair}>
          <TextInput
            label="Name"
            description="What people will type, such as orders-db"
            maxLength={64}
            autoCapitalize="none"
            spellCheck={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label="Kind"
            description="What it is"
            data={kinds.map((k) => k.name)}
            value={kindName}
            rightSection={<IconSelector size={15} />}
            onChange={(event) => {
              const chosen = kinds.find((k) => k.name === event.currentTarget.value)
              setKindName(event.currentTarget.value)
              setGiven(startWith(chosen?.settings ?? []))
              setLoginKind(loginKindsOf(chosen)[0] ?? 'password')
              reset()
            }}
          />
          <NativeSelect
            label="Environment"
            data={[...environments]}
            value={environment}
            rightSection={<IconSelector size={15} />}
            onChange={(event) => setEnvironment(event.currentTarget.value as typeof environment)}
          />
          <NativeSelect
            label="Tier"
            data={tierWords.map((word, at) => ({ value: String(at), label: word }))}
            value={tier}
            rightSection={<IconSelector size={15} />}
            onChange={(event) => setTier(event.currentTarget.value)}
          />
        </div>
        <ScopesField scopes={scopes} onChange={setScopes} />
        <div className={styles.pair}>
          <SettingsFields
            settings={fields}
            given={given}
            onChange={(changed) => {
              setGiven(changed)
              reset()
            }}
          />
        </div>
      </fieldset>
      {reached ? (
        <>
          <fieldset className={styles.step}>
            <legend>2. Who it is</legend>
            <p className={styles.about}>
              It must prove this each time before it hears a credential. Asking sends nothing secret. Compare the answer with what the
              system shows on its own console: somebody in between would show you theirs.
            </p>
            <Button
              variant="default"
              className={styles.ask}
              loading={identify.isPending}
              disabled={lacking !== undefined}
              onClick={() => {
                setCompared(false)
                identify.mutate({ kind: kindName, settings })
              }}
            >
              Ask it who it is
            </Button>
            <Problem error={identify.error} />
            {identity && (
              <div className={styles.identity}>
                <IdentityFacts identity={identity} />
                <Checkbox
                  label="I compared this with what the system itself shows"
                  checked={compared}
                  onChange={(event) => setCompared(event.currentTarget.checked)}
                />
              </div>
            )}
          </fieldset>
          <fieldset className={styles.step}>
            <legend>3. The account that manages it</legend>
            <p className={styles.about}>
              With it Claviger finds the other accounts and changes their credentials. Its credential is sealed at once, and replaced when
              the account is taken over.
            </p>
            <div className={styles.pair}>
              <TextInput
                label="Account"
                placeholder={kind?.name === 'postgres' ? 'postgres' : 'root'}
                maxLength={64}
                autoCapitalize="none"
                autoComplete="off"
                spellCheck={false}
                value={login}
                onChange={(event) => setLogin(event.currentTarget.value)}
              />
              <NativeSelect
                label="Credential"
                data={loginKindsOf(kind).map((k) => ({ value: k, label: credentialWords[k] }))}
                value={loginKind}
                rightSection={<IconSelector size={15} />}
                onChange={(event) => {
                  setLoginKind(event.currentTarget.value as typeof loginKind)
                  setSecret('')
                }}
              />
            </div>
            {loginKind === 'password' ? (
              <PasswordInput
                label="Password on the target"
                maxLength={1024}
                autoComplete="new-password"
                value={secret}
                onChange={(event) => setSecret(event.currentTarget.value)}
              />
            ) : (
              <Textarea
                label="Private key"
                description="OpenSSH format, without a passphrase"
                autosize
                minRows={3}
                maxRows={10}
                maxLength={16_384}
                autoComplete="off"
                spellCheck={false}
                value={secret}
                onChange={(event) => setSecret(event.currentTarget.value)}
              />
            )}
          </fieldset>
        </>
      ) : (
        <p className={styles.about}>
          Claviger never connects to it: it keeps what people bring in, and shows it under a grant. You bring in its credentials afterwards.
        </p>
      )}
      <Stack gap="md" className={styles.code}>
        <CodeOrPasskey
          stepUp={stepUp}
          about="A fresh one from your authenticator, for adding this target."
          does="Add target"
          ready={lacks === undefined}
          passkey={usable}
          onPasskey={() => stepUp.busy === undefined && void stepUp.say('passkey')}
        />
      </Stack>
      <ActionBar why={blocked}>
        <Button type="submit" loading={stepUp.busy === 'code'} disabled={blocked !== undefined || stepUp.busy === 'passkey'}>
          Add target
        </Button>
      </ActionBar>
    </form>
  )
}
