declare module '../../../platform/db/tables.ts' {
  interface Tables {
    sign_in_link: {
      id: string
      display_code: string
      connection: string
      who: string
      account: string
      target: string
      source: string
      address: string
      client: string
      shown: '' | 'key' | 'password'
      number: string
      asked_at: Date
      expires_at: Date
      state: 'waiting' | 'confirmed' | 'refused' | 'misread' | 'over'
    }
    sign_in_confirmation: {
      id: string
      person_id: string
      person_revision: number
      epoch: number
      who: string
      account: string
      target: string
      source: string
      number: string
      connection: string
      confirmed_at: Date
      expires_at: Date
      revision: number
      mac: Buffer
    }
  }
}

export {}
