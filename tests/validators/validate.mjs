// SPDX-License-Identifier: MIT
// node validate.mjs FOLDER: holds each file GRADE.FORMAT in FOLDER against what reads that format. A line on standard output for each
// that is wrong, then how many were read; exit status 1 if one was wrong. Packages are searched for from $VALIDATORS.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const load = createRequire(join(process.env.VALIDATORS, 'package.json'));
const Ajv = load('ajv/dist/2020').default;
const { Parser } = load('tap-parser');
const ctrf = load('ctrf');
const html = load('parse5');
const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false, allErrors: true });

const compiled = {};
const schema = (path) => (compiled[path] ??= ajv.compile(JSON.parse(readFileSync(join(here, path)))));

// What is wrong with a value: a list of sentences.
function against(path, value) {
    const valid = schema(path);
    return valid(value) ? [] : valid.errors.map((one) => `${one.instancePath} ${one.message}`);
}
const json = (path) => (text) => against(path, JSON.parse(text));
const platform = (name) => json(`schemas/${name}.schema.json`);

// Autolab takes the last two lines; the last goes through this substitution first (assessment_autograde_core.rb). Scores are
// numbers, or null of a problem that is not graded; none at all is an error that makes 0 of each problem.
function autolab(text) {
    const lines = text.trimEnd().split('\n');
    const scores = JSON.parse(lines.at(-1).replace(/([a-zA-Z0-9]+):/g, '"$1":')).scores;
    const wrong = against('schemas/autolab-semantic.schema.json', JSON.parse(lines.at(-2)));
    if (Object.keys(scores).length === 0) wrong.push('no scores');
    for (const [name, score] of Object.entries(scores))
        if (score !== null && !Number.isInteger(score)) wrong.push(`score of ${name}`);
    for (const stage of JSON.parse(lines.at(-2)).stages ?? [])
        if (stage.startsWith('_') || JSON.parse(lines.at(-2))[stage] === undefined) wrong.push(`stage ${stage}`);
    return wrong;
}

function codegrade(text) {
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.flatMap((line) => platform('codegrade')(line));
}

// The parser takes what is no TAP for comments, so it must have found all, and said nothing else. A block of YAML that is not
// valid comes out as `extra`.
function tap(text) {
    const wrong = [];
    const parser = new Parser({ strict: true });
    parser.on('extra', (line) => wrong.push(`no TAP: ${line}`));
    parser.on('assert', (one) => {
        if (one.skip === false && !one.ok && one.diag === null) wrong.push(`no block after ${one.name}`);
    });
    let result;
    parser.on('complete', (all) => (result = all));
    parser.end(text);
    if (result.bailout === false && result.plan.end !== result.count && result.count > 0) wrong.push('points are missing');
    if (result.failures.some((one) => one.tapError)) wrong.push(JSON.stringify(result.failures));
    return wrong;
}

// A page as the standard wants it, with a start and an end of each element, which runs nothing and takes nothing from elsewhere: links are to its own sections, or hold what
// they are to.
function page(text) {
    const wrong = [];
    const document = html.parse(text, { sourceCodeLocationInfo: true, onParseError: (one) => wrong.push(`line ${one.startLine}: ${one.code}`) });
    const visit = (node) => {
        const fetches = (name, value) => name === 'href' ? !/^(#|data:text\/plain[;,])/.test(value)
            : /^(src|srcset|action|formaction|data|poster|background|ping|on.*)$/.test(name) || /url\(|@import/.test(name === 'style' ? value : '');
        if (node.tagName && node.tagName !== 'meta' && !node.sourceCodeLocation?.endTag) wrong.push(`no end of ${node.tagName}`);
        if (/^(script|link|iframe|object|embed|base|img|svg|form|template)$/.test(node.tagName ?? '')) wrong.push(`fetches: ${node.tagName}`);
        if (node.tagName === 'style' && /url\(|@import/.test(node.childNodes[0].value)) wrong.push('fetches: style');
        for (const one of node.attrs ?? []) if (fetches(one.name, one.value)) wrong.push(`fetches: ${one.name}=${one.value}`);
        (node.childNodes ?? []).forEach(visit);
    };
    visit(document);
    return wrong;
}

const readers = {
    autolab,
    check50: platform('check50'),
    classroom50: platform('classroom50'),
    'classroom50-result': platform('classroom50-result'),
    codegrade,
    ctrf: (text) => (ctrf.isValid(JSON.parse(text)) ? [] : ['not valid']),
    dodona: platform('dodona'),
    gradescope: platform('gradescope'),
    html: page,
    json: json('../../docs/schemas/grade.schema.json'),
    prairielearn: platform('prairielearn'),
    submitty: platform('submitty'),
    tap,
};

// All SARIF files at once: the tool takes a second to start. Its rules are those of the standard and of code scanning.
function sarif(folder, names) {
    if (names.length === 0) return;
    const output = join(folder, 'multitool.out');
    const run = spawnSync(load('@microsoft/sarif-multitool-linux'),
        ['validate', ...names.map((name) => join(folder, name)), '--rule-kind', 'Sarif;Ghas', '--output', output, '--log', 'ForceOverwrite'],
        { env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' }, encoding: 'utf8' });
    if (run.error) throw run.error;
    const { results = [], artifacts = [] } = JSON.parse(readFileSync(output, 'utf8').replace(/^\uFEFF/, '')).runs[0];
    for (const one of results.filter((one) => one.level === 'error')) {
        const artifact = one.locations[0].physicalLocation.artifactLocation;
        const uri = artifact.uri ?? artifacts[artifact.index].location.uri;
        say(`${uri.slice(uri.lastIndexOf('/') + 1)}: ${one.ruleId} ${JSON.stringify(one.message)}`);
    }
}

const folder = process.argv[2];
const names = readdirSync(folder).sort();
const logs = names.filter((name) => name.endsWith('.sarif'));
const files = names.filter((name) => name.slice(name.lastIndexOf('.') + 1) in readers);
let wrong = 0;
function say(line) {
    console.log(line);
    wrong++;
}
for (const name of files) {
    try {
        readers[name.slice(name.lastIndexOf('.') + 1)](readFileSync(join(folder, name), 'utf8')).forEach((line) => say(`${name}: ${line}`));
    } catch (error) {
        say(`${name}: ${error.message}`);
    }
}
sarif(folder, logs);
console.log(`${files.length + logs.length} read, ${wrong} wrong`);
process.exit(wrong > 0 ? 1 : 0);
