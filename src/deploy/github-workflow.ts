import { type DeployFile, type Deployment, deployedName } from './deployment.ts';
import { relativeTo } from './relative-path.ts';
import { yamlText } from './yaml-text.ts';

/** A workflow that loads on a schedule, and keeps the DuckDB file as an artifact or on a branch of its own. */
export function githubFiles(deployment: Deployment): DeployFile[] {
  const name = deployedName(deployment);
  return [{ path: `.github/workflows/${name}.yml`, content: workflow(deployment, name) }];
}

// --- internal ---

/** Minutes beside `pipeline.timeout`, for the installation and for what a run finishes. */
const MARGIN = 20;

function workflow(deployment: Deployment, name: string): string {
  const { pipeline, variables, schedule, longest, keep } = deployment;
  const inProject = (path: string) => expressionless(relativeTo(deployment.project.folder, path));
  const minutes = longest === undefined ? 60 : Math.ceil(longest / 60_000) + MARGIN;
  const env = {
    CONFIG: inProject(deployment.config),
    DATABASE: inProject(deployment.destination),
    WORKING_DIR: inProject(deployment.workingDir),
    FILES: inProject(deployment.filesDir),
  };
  const { folder, repository } = deployment.project;
  const below = folder === repository ? undefined : expressionless(relativeTo(repository, folder));
  return `# dezgo-elt, pipeline ${pipeline}. Commit it; put each secret below into Settings → Secrets and variables → Actions.
name: ${name}
on:
  schedule:
    - cron: ${yamlText(schedule.cron)} # UTC
  workflow_dispatch:

# One run after another: two would load into the same file.
concurrency:
  group: ${name}
  cancel-in-progress: false

permissions:
  contents: ${keep === 'branch' ? 'write' : 'read'}
  actions: read

jobs:
  load:
    runs-on: ubuntu-latest
    timeout-minutes: ${minutes}
    env:
${Object.entries(env)
  .map(([variable, path]) => `      ${variable}: ${yamlText(path)}`)
  .join('\n')}
${below === undefined ? '' : `    defaults:\n      run:\n        working-directory: ${yamlText(below)}\n`}    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
          cache: npm
${below === undefined ? '' : `          cache-dependency-path: ${yamlText(`${below}/package-lock.json`)}\n`}      - run: npm ci
${keep === 'branch' ? fromBranch(name) : fromArtifact(name)}
      - name: Load
${variables.length === 0 ? '' : `        env:\n${variables.map((variable) => `          ${variable}: $\{{ secrets.${variable} }}`).join('\n')}\n`}        run: npx dezgo-elt -c "$CONFIG" run --progress log
      # Also after a failure: what was extracted is loaded by the next run.
${keep === 'branch' ? toBranch(name) : toArtifact(name)}`;
}

function fromArtifact(name: string): string {
  return `      - name: Get the file of the last run
        env:
          GH_TOKEN: $\{{ github.token }}
        run: |
          for run in $(gh run list --workflow "$GITHUB_WORKFLOW" --branch "$GITHUB_REF_NAME" --status completed --limit 20 --json databaseId --jq '.[].databaseId'); do
            if gh run download "$run" --name ${name} --dir "$RUNNER_TEMP/kept"; then
              tar -xf "$RUNNER_TEMP/kept/kept.tar"
              exit 0
            fi
          done
          echo "::notice::No file of an earlier run: this one begins anew."`;
}

function toArtifact(name: string): string {
  return `      - name: Pack the file
        if: always()
        run: |
          set --
${each('set -- "$@" "$path"')}
          [ $# -eq 0 ] || tar -cf "$RUNNER_TEMP/kept.tar" -- "$@"
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: ${name}
          path: $\{{ runner.temp }}/kept.tar
          retention-days: 90
          if-no-files-found: ignore
`;
}

function fromBranch(name: string): string {
  return `      - name: Get the file of the last run
        run: |
          if git fetch --depth 1 origin "$BRANCH"; then
            git archive FETCH_HEAD | tar -x
          else
            echo "::notice::No branch $BRANCH yet: this run begins anew."
          fi
        env:
          BRANCH: data/${name}`;
}

function toBranch(name: string): string {
  return `      - name: Keep the file on its branch, which has one commit
        if: always()
        env:
          BRANCH: data/${name}
        run: |
          export GIT_INDEX_FILE="$RUNNER_TEMP/index"
${each('git add --force -- "$path"')}
          tree=$(git write-tree)
          commit=$(git -c user.name=dezgo-elt -c user.email=dezgo-elt@users.noreply.github.com commit-tree -m "Load of run $GITHUB_RUN_ID" "$tree")
          git push --force origin "$commit:refs/heads/$BRANCH"
`;
}

/** Lines of a shell: what to do with each path that is there. */
function each(command: string): string {
  return `          for path in "$DATABASE" "$WORKING_DIR" "$FILES"; do
            if [ -e "$path" ]; then ${command}; fi
          done`;
}

/** GitHub fills in expressions in values. */
function expressionless(text: string): string {
  const opening = ['$', '{{'].join('');
  return text.replaceAll(opening, `${opening} '${opening}' }}`);
}
