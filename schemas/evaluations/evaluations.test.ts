import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { reportInput } from '../activities.ts';
import { jobResultSchemas } from '../jobs.ts';
import { evaluationSchema } from '../settings/evaluation.ts';
import { STAGES } from '../stages.ts';
import { EVALUATIONS, type EvaluationStage } from './index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stages = Object.keys(EVALUATIONS) as EvaluationStage[];
const active = stages.filter((stage) => 'activity' in EVALUATIONS[stage]);
/** `heldOut` is `held-out` in files, jobs and steps. */
const kebab = (stage: string) => stage.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
/** On the wire, where recorded runs have them. */
const OTHERWISE: { [S in EvaluationStage]?: string } = { tuning: 'tune' };

describe('an evaluation stage', () => {
  it.each(stages)('%s is written in one way: in its settings, its files and on the wire', (stage) => {
    const entry = EVALUATIONS[stage];
    expect([[], [stage]]).toContainEqual(Object.keys(entry.settings));
    expect(existsSync(join(root, 'schemas/evaluations', `${kebab(stage)}.ts`))).toBe(true);
    if (!('activity' in entry)) return;
    expect(existsSync(join(root, 'activities/evaluations', `${kebab(stage)}.ts`))).toBe(true);
    expect(entry.activity.type).toBe(OTHERWISE[stage] ?? stage);
    expect(Object.keys(entry.jobs)[0]).toBe(OTHERWISE[stage] ?? kebab(stage));
  });

  it.each(active)('%s has a module for each of its jobs, whose code the step cache knows', (stage) => {
    for (const kind of Object.keys(EVALUATIONS[stage].jobs)) {
      expect(existsSync(join(root, 'workers/compute/jobs', `${kind}.ts`))).toBe(true);
      expect(jobResultSchemas).toHaveProperty(kind);
    }
  });

  it.each(stages)('%s is told by the name that starts its activity ids, with a label', (stage) => {
    expect(stage).not.toContain('-');
    expect(STAGES[stage]).toBe(EVALUATIONS[stage].label);
  });

  it('that is new comes after those that are there: digests of steps follow the order of fields', () => {
    expect(Object.keys(evaluationSchema.shape).slice(0, 5)).toEqual([
      'baselines',
      ...['heldOut', 'proxies', 'tuning', 'amounts'],
    ]);
    expect(Object.keys(reportInput.shape)).toEqual([
      ...['run', 'config', 'startedAt', 'prepared', 'plan', 'finetuned', 'synthetic', 'zeroShot'],
      ...['rows', 'amounts', 'tuning', 'heldOut', 'proxies'],
      ...stages.slice(5).flatMap((stage) => Object.keys(EVALUATIONS[stage].reported)),
      'selected',
    ]);
    expect(stages.slice(0, 5)).toEqual(['heldOut', 'proxies', 'classify', 'amounts', 'tuning']);
  });
});
