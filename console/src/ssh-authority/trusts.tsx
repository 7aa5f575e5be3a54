import { Button } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useSshTrust, useTrustSsh } from '../data/ssh-authority.ts'
import { announce } from '../ui/announcer.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Fact } from '../ui/facts.tsx'
import { Failure } from '../ui/failure.tsx'
import { When } from '../ui/when.tsx'

/** On the page of a host: whether it trusts the SSH authority, how to have it do so, and what it is told. */
export function TrustsSshAuthority({ target, name }: { target: string; name: string }) {
  const { data } = useSshTrust(target)
  const viewer = useViewer()
  const trust = useTrustSsh(target)
  const [files, showFiles] = useState(false)
  if (!data) return null
  const act = (what: 'trust' | 'by-hand' | 'distrust') =>
    trust.mutate(what, { onSuccess: () => announce(what === 'distrust' ? `${name} trusts it no more.` : `${name} trusts it.`) })
  const button = (what: 'trust' | 'by-hand' | 'distrust', label: string) => (
    <Button variant="default" size="compact-sm" loading={trust.isPending && trust.variables === what} onClick={() => act(what)}>
      {label}
    </Button>
  )
  return (
    <Fact name="SSH certificates">
      {data.trusted ? (
        <p>
          It trusts the SSH authority, version {data.trusted.version}
          {data.trusted.byHand && ', told by hand'}
          <span className="quiet">
            , seen <When at={data.trusted.at} as="moment" />
          </span>
        </p>
      ) : (
        <p className="quiet">It was not seen to trust the SSH authority, so no account of it is reached by certificate.</p>
      )}
      {viewer.administers && (
        <>
          {button('trust', data.trusted ? 'Tell it again' : 'Have it trust us')} {button('by-hand', 'I told it: look')}{' '}
          {data.trusted && !data.trusted.byHand && button('distrust', 'Take it back')}{' '}
        </>
      )}
      <Button variant="default" size="compact-sm" aria-expanded={files} onClick={() => showFiles(!files)}>
        {files ? 'Hide the public key' : 'Public key, and lines for sshd'}
      </Button>
      {trust.error && <Failure error={trust.error} />}
      {files &&
        data.files.map(({ path, content }) => (
          <section key={path} aria-label={path}>
            <code>{path}</code> <Copyable value={content} what={path} />
          </section>
        ))}
    </Fact>
  )
}
