declare module '../../platform/db/tables.ts' {
  interface Tables {
    import: { id: string; source: string; begun_by: string; begun_at: Date; open_until: Date }
    login_look: { target_id: string; at: Date; saw: boolean }
    login_seen: { account_id: string; address: string; program: string; first_seen: Date; last_seen: Date }
    import_entry: {
      import_id: string
      account_id: string
      credential: string
      outcome: string
      code: string | null
      at: Date
      ordered_at: Date | null
    }
  }
}

export {}
