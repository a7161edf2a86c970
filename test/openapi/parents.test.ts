import { expect, test } from 'vitest';
import { answering, documentOf, listOf, object, recordOf, resourcesOf, text, whole } from './documents.ts';

test('parameters of a path are resolved from the list before them, over several levels', () => {
  const found = resourcesOf(
    documentOf({
      '/orgs': listOf('id', 'login'),
      '/orgs/{login}/teams': listOf('id', 'slug'),
      '/orgs/{login}/teams/{team_slug}/members': listOf('id', 'name'),
      '/orgs/{login}/teams/{team_slug}/members/{id}/keys': listOf('title'),
    }),
  );
  expect(
    Object.values(found).map(({ path, included, whyNot }) => [path.value, included.map(({ as }) => as), whyNot]),
  ).toEqual([
    ['orgs', [], undefined],
    ['orgs/{resources.orgs.login}/teams', ['_orgs_login'], undefined],
    [
      'orgs/{resources.orgs_teams._orgs_login}/teams/{resources.orgs_teams.slug}/members',
      ['_orgs_login', '_orgs_teams_slug'],
      undefined,
    ],
    [
      'orgs/{resources.orgs_teams_members._orgs_login}/teams/{resources.orgs_teams_members._orgs_teams_slug}/members/{resources.orgs_teams_members.id}/keys',
      ['_orgs_login', '_orgs_teams_slug', '_orgs_teams_members_id'],
      undefined,
    ],
  ]);
});

test('keys that may come again under another parent have that of the parent before them', () => {
  const { users_labels } = resourcesOf(documentOf({ '/users': listOf('id'), '/users/{userId}/labels': listOf('key') }));
  expect(users_labels?.key?.value).toEqual(['_users_id', 'key']);
});

test('a single object is a child where the list has what its path needs; a run loads it where it brings something', () => {
  const found = resourcesOf(
    documentOf({
      '/pets': listOf('id', 'name'),
      '/pets/{petId}': recordOf('id', 'name'),
      '/pets/{petId}/passport': recordOf('number'),
      '/vets/{vetId}': recordOf('id'),
      '/account': recordOf('id'),
    }),
  );
  expect(Object.entries(found).map(([name, { path, whyNot }]) => [name, path.value, whyNot])).toEqual([
    ['pets', 'pets', undefined],
    [
      'pet',
      'pets/{resources.pets.id}',
      'the records of `pets` have all its fields: a request for each would bring nothing',
    ],
    ['pets_passport', 'pets/{resources.pets.id}/passport', undefined],
    ['vet', 'vets/{vetId}', 'it needs `vetId`, which only you know'],
    ['account', 'account', 'one record, no list'],
  ]);
});

test('a parameter finds a list of its name elsewhere; children of what is not selected wait with it', () => {
  const found = resourcesOf(
    documentOf({
      '/v1/projects': listOf('id'),
      '/v1/reports/{projectId}/daily': listOf('id'),
      '/v1/regions/{region}/hosts': listOf('id'),
      '/v1/regions/{region}/hosts/{id}/disks': listOf('id'),
    }),
  );
  expect(found.reports_daily?.path.value).toBe('v1/reports/{resources.projects.id}/daily');
  expect(found.regions_hosts?.whyNot).toBe('it needs `region`, which only you know');
  expect(found.regions_hosts_disks?.whyNot).toBe('it needs `region`, which only you know');
});

test('a parameter that is no id takes the field of its meaning, also of an account inside a record, or none with its candidates', () => {
  const parameter = (name: string, description = '') => ({
    name,
    in: 'path',
    description,
    required: true,
    schema: { type: 'string' },
  });
  const get = (...given: readonly object[]) => answering(listOf('title'), { parameters: given });
  const records = (properties: object) => ({ type: 'array', items: object({ id: whole, ...properties }) });
  const found = resourcesOf(
    documentOf({
      '/users': records({ login: text, name: text }),
      '/users/{username}/followers': get(parameter('username')),
      '/user/repos': records({ name: text, key: text, owner: object({ login: text }) }),
      '/repos/{owner}/{repo}/issues': get(parameter('owner'), parameter('repo', 'The name of the repository.')),
      '/teams': records({ slug: text }),
      '/teams/{team}/members': get(parameter('team')),
      '/teams/{team_id}/posts': get(parameter('team_id')),
      '/shops': records({ slug: text, name: text }),
      '/shops/{shop}/orders': get(parameter('shop')),
    }),
  );
  expect(found.users_followers?.path.value).toBe('users/{resources.users.login}/followers');
  const issues = Object.values(found).find(({ request }) => request.endsWith('/issues'));
  expect(issues?.path.value).toBe('repos/{resources.user_repos.owner.login}/{resources.user_repos.name}/issues');
  expect(issues?.included.map(({ from, as }) => [from, as])).toEqual([
    ['owner.login', '_user_repos_owner_login'],
    ['name', '_user_repos_name'],
  ]);
  expect(found.teams_members?.path.value).toBe('teams/{resources.teams.slug}/members');
  expect(found.teams_posts?.path.value).toBe('teams/{resources.teams.id}/posts');
  expect(found.shops_orders).toMatchObject({
    path: { value: 'shops/{shop}/orders' },
    whyNot: 'it needs `shop`, which only you know',
    notes: ['{shop}: perhaps a field of `shops`: id, slug, name'],
  });
});
