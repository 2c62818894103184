// The tables of the sandbox's books. What is issued stays as it is: the schema itself refuses to change or delete it.

const neverChanged = (table: string): string =>
  ['UPDATE', 'DELETE']
    .map(
      (change) => `
  CREATE TRIGGER IF NOT EXISTS ${table}_no_${change.toLowerCase()} BEFORE ${change} ON ${table}
    BEGIN SELECT RAISE(ABORT, '${table} are never changed or deleted'); END;`,
    )
    .join('');

/**
 * Creates what is missing; run at every opening, so that books of before there were credit notes and e-mails get their
 * tables. An empty text is a client's field without a value.
 */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS clients (
    id          INTEGER PRIMARY KEY,
    marker      TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('person', 'company')),
    email       TEXT NOT NULL,
    tax_number  TEXT NOT NULL,
    external_id TEXT NOT NULL,
    phone       TEXT NOT NULL,
    street      TEXT NOT NULL,
    post_code   TEXT NOT NULL,
    city        TEXT NOT NULL,
    country     TEXT NOT NULL
  ) STRICT;

  -- Every spelling under which a client can be searched.
  CREATE TABLE IF NOT EXISTS client_keys (
    kind      TEXT NOT NULL,
    value     TEXT NOT NULL,
    client_id INTEGER NOT NULL REFERENCES clients,
    PRIMARY KEY (kind, value, client_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS client_keys_by_client ON client_keys (client_id);

  CREATE TABLE IF NOT EXISTS invoices (
    id        INTEGER PRIMARY KEY,
    key       TEXT NOT NULL UNIQUE,
    client_id INTEGER NOT NULL REFERENCES clients,
    year      TEXT NOT NULL,
    sequence  INTEGER NOT NULL,
    document  TEXT NOT NULL,
    UNIQUE (year, sequence)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS payments (
    id         INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoices,
    payment_id TEXT NOT NULL,
    amount     INTEGER NOT NULL,
    date       TEXT NOT NULL,
    mode       TEXT NOT NULL,
    label      TEXT NOT NULL,
    UNIQUE (invoice_id, payment_id)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS credit_notes (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    invoice_id INTEGER NOT NULL REFERENCES invoices,
    amount     INTEGER NOT NULL,
    year       TEXT NOT NULL,
    sequence   INTEGER NOT NULL,
    document   TEXT NOT NULL,
    UNIQUE (year, sequence)
  ) STRICT;

  -- What would have been sent: a document by its id, invoice or credit note.
  CREATE TABLE IF NOT EXISTS emails (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL,
    recipient   TEXT NOT NULL,
    sent_at     TEXT NOT NULL
  ) STRICT;
  ${['invoices', 'payments', 'credit_notes', 'emails'].map(neverChanged).join('')}
`;
