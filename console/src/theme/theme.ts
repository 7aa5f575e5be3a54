import { ActionIcon, Button, type CSSVariablesResolver, createTheme, Input, Skeleton, Tooltip } from '@mantine/core'
import controls from './controls.module.css'

/** Mantine asks for ten steps of a colour; what the pages themselves use are the tokens in tokens.css. */
const verdigris = ['#e8f5f2', '#d2ebe6', '#a8d8d0', '#7ac4b9', '#58bfb1', '#2c968b', '#177d74', '#0b6660', '#085049', '#053f3b'] as const
const iron = ['#fdeeea', '#f9d9d1', '#f1b3a5', '#f2937e', '#e27259', '#d0563d', '#ba432b', '#a02f1c', '#822414', '#661f13'] as const

export const theme = createTheme({
  primaryColor: 'verdigris',
  colors: { verdigris, iron },
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  respectReducedMotion: true,
  cursorType: 'pointer',
  defaultRadius: 6,
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  components: {
    Button: Button.extend({ defaultProps: { variant: 'filled' }, classNames: { root: controls.button } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Input: Input.extend({ classNames: { input: controls.input } }),
    InputWrapper: Input.Wrapper.extend({
      classNames: { label: controls.label, description: controls.description, error: controls.error },
      defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'] },
    }),
    Skeleton: Skeleton.extend({ classNames: { root: controls.skeleton } }),
    Tooltip: Tooltip.extend({
      classNames: { tooltip: controls.tooltip },
      defaultProps: { multiline: true, maw: 300, withArrow: true, events: { hover: true, focus: true, touch: true } },
    }),
  },
})

/** Lets Mantine's own surfaces and text follow the tokens in both colour schemes. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-3)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--sunken)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-error': 'var(--iron)',
    '--mantine-color-anchor': 'var(--accent)',
  }
  return { variables: {}, light: shared, dark: shared }
}
