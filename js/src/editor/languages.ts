/** The languages of the editor, by the names that Code knows them by. */

import { cpp } from "@codemirror/lang-cpp";
import { css } from "@codemirror/lang-css";
import { html } from "@codemirror/lang-html";
import { javascript } from "@codemirror/lang-javascript";
import { jinja } from "@codemirror/lang-jinja";
import { json } from "@codemirror/lang-json";
import { markdown } from "@codemirror/lang-markdown";
import { python } from "@codemirror/lang-python";
import {
  Cassandra,
  MariaSQL,
  MSSQL,
  MySQL,
  PLSQL,
  PostgreSQL,
  type SQLDialect,
  SQLite,
  StandardSQL,
  sql,
} from "@codemirror/lang-sql";
import { yaml } from "@codemirror/lang-yaml";
import { type Language, LanguageSupport, StreamLanguage, type StreamParser } from "@codemirror/language";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { r } from "@codemirror/legacy-modes/mode/r";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { esper, gpSQL, gql, hive, sparkSQL } from "@codemirror/legacy-modes/mode/sql";
import { stex } from "@codemirror/legacy-modes/mode/stex";
import type { Extension } from "@codemirror/state";

const dialect = (one: SQLDialect) => () => sql({ dialect: one, upperCaseKeywords: true });
const stream = (parser: StreamParser<unknown>) => () => new LanguageSupport(StreamLanguage.define(parser));

const languages: Record<string, () => LanguageSupport> = {
  python,
  c: cpp,
  cpp,
  markdown: () => markdown({ codeLanguages: (info) => named(info) }),
  latex: stream(stex),
  json,
  html: () => html(),
  css,
  javascript: () => javascript({ jsx: true }),
  jinja2: () => jinja(),
  typescript: () => javascript({ jsx: true, typescript: true }),
  yaml: () => yaml(),
  dockerfile: stream(dockerFile),
  shell: stream(shell),
  r: stream(r),
  sql: dialect(StandardSQL),
  "sql-msSQL": dialect(MSSQL),
  "sql-mySQL": dialect(MySQL),
  "sql-mariaDB": dialect(MariaSQL),
  "sql-sqlite": dialect(SQLite),
  "sql-cassandra": dialect(Cassandra),
  "sql-plSQL": dialect(PLSQL),
  "sql-hive": stream(hive),
  "sql-pgSQL": dialect(PostgreSQL),
  "sql-gql": stream(gql),
  "sql-gpSQL": stream(gpSQL),
  "sql-sparkSQL": stream(sparkSQL),
  "sql-esper": stream(esper),
};

/** Other names for some of them, as people write them behind the fences of Markdown. */
const aliases: Record<string, string> = {
  bash: "shell",
  "c++": "cpp",
  docker: "dockerfile",
  js: "javascript",
  md: "markdown",
  py: "python",
  sh: "shell",
  tex: "latex",
  ts: "typescript",
  yml: "yaml",
};

/** Made when first needed: a parser's tables take some time to unpack. */
const made = new Map<string, LanguageSupport>();

/** The names of all languages. */
export const names: readonly string[] = Object.keys(languages);

/** What colours, indents and completes a language; nothing for none, or one that is not known. */
export function languageOf(name: string | null): Extension {
  return name === null ? [] : (support(name) ?? []);
}

function support(name: string): LanguageSupport | null {
  const make = Object.hasOwn(languages, name) ? languages[name] : undefined;
  if (!make) return null;
  const found = made.get(name) ?? make();
  made.set(name, found);
  return found;
}

function named(info: string): Language | null {
  const name = /^\S*/.exec(info.toLowerCase())![0];
  return support(aliases[name] ?? name)?.language ?? null;
}
