declare module '../../../platform/db/tables.ts' {
  interface Tables {
    input_opening: {
      id: string
      session_id: string
      recording_id: string
      person_id: string
      requester_id: string
      reason: string
      state: 'waiting' | 'approved' | 'withdrawn'
      asked_at: Date
      expires_at: Date
      approver_id: string | null
      approved_at: Date | null
      ends_at: Date | null
      epoch: number
      shown: number
      shown_to: string | null
      shown_at: Date | null
      withdrawn_by: string | null
      revision: number
      mac: Buffer
    }
  }
}

export {}
