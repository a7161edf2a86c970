import { useState } from 'preact/hooks';
import { base, goTo, hrefOf } from '../place.ts';
import { saved } from '../saved.ts';

/** The statement that was asked, to be changed and asked again. */
export function SqlBox({ sql }: { readonly sql: string }) {
  const [text, setText] = useState(sql);
  if (saved !== undefined) {
    return (
      <pre class="command">
        <code>{sql}</code>
      </pre>
    );
  }
  const ask = () => goTo(hrefOf('data', { sql: text }));
  return (
    <form
      class="sql"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <label for="sql">SQL, read-only</label>
      <textarea
        id="sql"
        rows={Math.min(12, Math.max(3, text.split('\n').length))}
        maxLength={LONGEST}
        spellcheck={false}
        autocomplete="off"
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) ask();
        }}
      />
      <p>
        <button type="submit">Ask</button> <span class="muted">Ctrl + Enter · 10 seconds at most</span>
      </p>
    </form>
  );
}

/** All rows of a statement, also beyond those that are shown. */
export function Downloads({ sql }: { readonly sql: string }) {
  const all = sql.replace(/\nlimit \d+(?: offset \d+)?$/, '');
  return (
    <p class="choices">
      Download all rows as{' '}
      {['csv', 'json', 'jsonl', 'parquet'].map((form) => (
        <a key={form} href={`${base}rows.${form}?${new URLSearchParams({ sql: all })}`} download={`rows.${form}`}>
          {form === 'jsonl' ? 'JSON lines' : form === 'parquet' ? 'Parquet' : form.toUpperCase()}
        </a>
      ))}
    </p>
  );
}

// --- internal ---

/** It has to fit into an address. */
const LONGEST = 8000;
