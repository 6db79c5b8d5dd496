//! Where the library keeps sessions, codes and grants: in memory, outside of the provider object, which new keys replace.
//! Refuses to outlive the process.

export class Storage {
  #kept = new Map();
  #misbehaviour;

  constructor(misbehaviour) {
    this.#misbehaviour = misbehaviour;
  }

  /** What the library calls an adapter, for one model. */
  adapter(model) {
    const kept = this.#kept;
    const key = (id) => `${model}:${id}`;
    return {
      upsert: async (id, payload) => {
        kept.set(key(id), model === 'AuthorizationCode' ? this.#misbehaviour.bendCode(payload) : payload);
      },
      find: async (id) => kept.get(key(id)),
      findByUid: async (uid) => this.#all(model).find((payload) => payload.uid === uid),
      findByUserCode: async () => undefined,
      consume: async (id) => {
        const payload = kept.get(key(id));
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => void kept.delete(key(id)),
      revokeByGrantId: async (grantId) => {
        for (const [name, payload] of kept) if (payload.grantId === grantId) kept.delete(name);
      },
    };
  }

  /** The sessions in which this account is signed in here. */
  sessionsOf(accountId) {
    return this.#all('Session').filter((session) => session.accountId === accountId);
  }

  #all(model) {
    return [...this.#kept].filter(([name]) => name.startsWith(`${model}:`)).map(([, payload]) => payload);
  }
}
