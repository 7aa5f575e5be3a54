import { describe, expect, test } from 'vitest'
import { readCsv } from './csv.ts'
import { hostOf, itemsOf, recognise } from './forms.ts'

describe('an export of another product', () => {
  test.each([
    [
      'CyberArk',
      'Password_name,TemplateSafe,Safe,Folder,Password,DeviceType,PolicyID,Address,UserName\nr1,,Unix,Root,"p,1",OS,Unix,web01,deploy',
    ],
    ['CyberArk', 'username,address,safe,platformID,password\ndeploy,web01,Unix,UnixSSH,"p,1"'],
    ['Delinea', 'Secret Name,Machine,Username,Password,Notes\nr1,web01,deploy,"p,1",'],
    ['KeePass', '"Group","Title","Username","Password","URL","Notes"\n"Root","r1","deploy","p,1","ssh://web01:22",""'],
    ['KeePass', '"Account","Login Name","Password","Web Site","Comments"\n"r1","deploy","p,1","ssh://web01",""'],
    [
      'Bitwarden',
      'folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n,,login,r1,,,0,ssh://web01,deploy,"p,1",',
    ],
    ['1Password', 'Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\nr1,https://web01/x,deploy,"p,1",,false,false,,'],
  ])('of %s is read as it is written: %s', (form, text) => {
    const rows = readCsv(text) ?? []
    const known = recognise(rows[0] ?? [])
    expect(known.form).toBe(form)
    expect(itemsOf(rows, known.mapping).items).toMatchObject([
      { target: 'web01', account: 'deploy', credential: 'password', secret: 'p,1' },
    ])
  })

  test('whose columns nobody knows is mapped by hand', () => {
    const rows = readCsv('wo;wer;was\nweb01;deploy;geheim\n', ';') ?? []
    expect(recognise(rows[0] ?? [])).toEqual({ form: undefined, mapping: {} })
    expect(itemsOf(rows, { target: 'wo', account: 'wer', secret: 'was' }).items).toMatchObject([{ target: 'web01', secret: 'geheim' }])
  })

  test('leaves out what lacks something, and says what without the credential', () => {
    const rows = readCsv('Title,Url,Username,Password\na,,deploy,hunter2\nb,web01,,hunter2\nc,web01,deploy,\nd,,deploy@web01,hunter2') ?? []
    const { items, left } = itemsOf(rows, recognise(rows[0] ?? []).mapping)
    expect(left.map((l) => l.why)).toEqual(['no target', 'no account', 'no credential'])
    expect(JSON.stringify(left)).not.toContain('hunter2')
    expect(items).toMatchObject([{ target: 'web01', account: 'deploy' }])
  })

  test('keeps quotes, commas, line ends and whatever else a password holds', () => {
    const secret = 'a"b,c\nd\re;\t\u00e9'
    expect(readCsv(`x,y\r\n1,"${secret.replaceAll('"', '""')}"\r\n`)).toEqual([
      ['x', 'y'],
      ['1', secret],
    ])
    expect(readCsv('x,"open')).toBeUndefined()
  })

  test.each([
    ['ssh://web01:22/a?b', 'web01'],
    ['web01:5432', 'web01'],
    ['[fe80::1]:22', 'fe80::1'],
    ['postgres://app:x@db.example.com/orders', 'db.example.com'],
    ['10.0.0.5', '10.0.0.5'],
  ])('takes the host of %s', (text, host) => {
    expect(hostOf(text)).toBe(host)
  })

  test('says what is no password: by a column of its own, for all of them, or by what it is', () => {
    const pem = '-----BEGIN CERTIFICATE-----\na\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nb\n-----END PRIVATE KEY-----\n'
    const head = 'Url,Username,Password,Kind,Key id'
    const rows =
      readCsv(`${head}\nstripe,reports,wJalr,API key,AKIA1\nshop,web,"${pem}",,\npypi,ci,"{""a"":1}",json,\nx,y,z,API key,\nx,y,z,wish,`) ??
      []
    const { mapping } = recognise(rows[0] ?? [])
    expect(itemsOf(rows, mapping)).toMatchObject({
      items: [
        { credential: 'api-key', name: 'AKIA1' },
        { credential: 'tls', secret: pem },
        { credential: 'json', secret: '{"a":1}' },
      ],
      left: [{ why: 'no id of the API key' }, { why: 'no kind of credential is called "wish"' }],
    })
    const plain = readCsv('Url,Username,Password\npypi,ci,"[1]"') ?? []
    expect(itemsOf(plain, recognise(plain[0] ?? []).mapping, undefined, 'json').items).toMatchObject([{ credential: 'json' }])
  })

  test('knows a private key from a password', () => {
    const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n'
    const rows = readCsv(`Title,Url,Username,Password\nk,web01,root,"${key}"`) ?? []
    expect(itemsOf(rows, recognise(rows[0] ?? []).mapping).items[0]).toMatchObject({ credential: 'ssh-key', secret: key })
  })
})
