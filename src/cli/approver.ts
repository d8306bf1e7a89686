import type { Answer, Approver, Question } from '../approval/ask.ts'
import type { Invocation } from './command.ts'

/**
 * Answers the engine's questions: a plan that was already approved by a flag or a saved file is approved, everything
 * else is asked on a terminal; where nobody can be asked, the default is taken and said.
 */
export function createCliApprover({ ports, output, options }: Invocation): Approver {
  const canAsk = ports.stdin.isTerminal && ports.stderr.isTerminal && !options.isSet('yes')
  return {
    async ask(question, signal): Promise<Answer> {
      if (question.id === 'approve-plan') return question.typeToConfirm === '' ? 'yes' : question.typeToConfirm
      const text = questionText(question)
      if (!canAsk) {
        const fallback = question.default === '' ? 'nothing' : `"${question.default}"`
        output.note(`${text} Nobody can be asked, so the answer is ${fallback}.`)
        return question.default
      }
      ports.stderr.write(`${text} `)
      const line = await ports.stdin.readLine(signal)
      return acceptAnswer(question, line?.trim() ?? '')
    },
  }
}

function questionText(question: Exclude<Question, { id: 'approve-plan' }>): string {
  if (question.id === 'one-time-password') return `One-time password for ${question.registry}:`
  return `${question.failed.join(', ')} failed. What now: ${question.options.join(', ')}? [${question.default}]`
}

function acceptAnswer(question: Exclude<Question, { id: 'approve-plan' }>, line: string): Answer {
  if (question.id === 'one-time-password') return line
  return question.options.find((option) => option === line) ?? question.default
}
