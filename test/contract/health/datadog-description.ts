import { z } from 'zod'

/**
 * What Datadog publishes about `GET /api/v1/query` (its API description, version 1): the facts this program relies on.
 * There is no server of it to be had for tests.
 */
export const QUERY_OPERATION = {
  method: 'GET',
  path: '/api/v1/query',
  /** All required. `from` and `to` are seconds since 1970. */
  parameters: z.strictObject({
    from: z.string().regex(/^\d{10}$/u),
    to: z.string().regex(/^\d{10}$/u),
    query: z.string().min(1),
  }),
  /** Header names of the two keys. */
  keys: ['dd-api-key', 'dd-application-key'],
} as const

const unit = z.object({
  family: z.string().optional(),
  id: z.int().optional(),
  name: z.string().optional(),
  plural: z.string().optional(),
  scale_factor: z.number().optional(),
  short_name: z.string().optional(),
})

/** `MetricsQueryMetadata`. A point is a time in milliseconds and a value; a value may be missing. */
const series = z.object({
  aggr: z.string().nullish(),
  display_name: z.string().optional(),
  end: z.int().optional(),
  expression: z.string().optional(),
  interval: z.int().optional(),
  length: z.int().optional(),
  metric: z.string().optional(),
  pointlist: z.array(z.tuple([z.number().nullable(), z.number().nullable()])).optional(),
  query_index: z.int().optional(),
  scope: z.string().optional(),
  start: z.int().optional(),
  tag_set: z.array(z.string()).optional(),
  unit: z.tuple([unit.nullable(), unit.nullable()]).nullish(),
})

/** `MetricsQueryResponse`, the answer with status 200. */
export const queryResponse = z.strictObject({
  error: z.string().optional(),
  from_date: z.int().optional(),
  group_by: z.array(z.string()).optional(),
  message: z.string().optional(),
  query: z.string().optional(),
  res_type: z.string().optional(),
  resp_version: z.int().optional(),
  series: z.array(series).optional(),
  status: z.string().optional(),
  to_date: z.int().optional(),
  values: z.array(z.number()).optional(),
  times: z.array(z.number()).optional(),
})

/** `APIErrorResponse`, the answer with status 400, 403 and 429. */
export const errorResponse = z.strictObject({ errors: z.array(z.string()) })
