// Written by `python -m nbblocks.bridge.contract`: do not edit.

import type { FileRecord } from "./runtime/wire";

export interface AccordionProps {
  elem_classes: string[];
  elem_id: string | null;
  height: number | string | null;
  label: string | null;
  max_height: number | string | null;
  open: boolean;
  visible: boolean | "hidden";
}

export type AccordionEvent = "expand" | "collapse";

export interface BlocksProps {
  elem_classes: string[];
  elem_id: string | null;
  visible: boolean | "hidden";
}

export type BlocksEvent = never;

export interface BrowserStateProps {
  elem_classes: string[];
  elem_id: string | null;
  interactive: boolean | null;
  min_width: number | null;
  scale: number | null;
  secret: string;
  storage_key: string;
  value: unknown;
  visible: boolean | "hidden";
}

export type BrowserStateEvent = never;

export interface ButtonProps {
  elem_classes: string[];
  elem_id: string | null;
  icon: string | { data: DataView; mime_type: string } | null;
  interactive: boolean | null;
  link: string | null;
  link_target: string | null;
  min_width: number | null;
  scale: number | null;
  size: string | null;
  value: string;
  variant: string | null;
  visible: boolean | "hidden";
}

export type ButtonEvent = "click";

export interface CheckboxProps {
  buttons: string[] | null;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  min_width: number | null;
  scale: number | null;
  show_label: boolean;
  value: boolean;
  visible: boolean | "hidden";
}

export type CheckboxEvent = "input" | "select";

export interface CheckboxGroupProps {
  buttons: string[] | null;
  choices: [string, string | number | bigint | boolean][];
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  min_width: number | null;
  scale: number | null;
  show_label: boolean;
  show_select_all: boolean;
  value: (string | number | bigint | boolean)[];
  visible: boolean | "hidden";
}

export type CheckboxGroupEvent = "input" | "select";

export interface CodeProps {
  autocomplete: boolean;
  buttons: string[] | null;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  language: string | null;
  lines: number;
  max_lines: number | null;
  min_width: number | null;
  scale: number | null;
  show_label: boolean;
  show_line_numbers: boolean;
  value: string | null;
  visible: boolean | "hidden";
  wrap_lines: boolean;
}

export type CodeEvent = "input" | "focus" | "blur";

export interface ColorPickerProps {
  buttons: string[] | null;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  min_width: number | null;
  scale: number | null;
  show_label: boolean;
  value: string | null;
  visible: boolean | "hidden";
}

export type ColorPickerEvent = "input" | "release" | "submit" | "focus" | "blur";

export interface ColumnProps {
  elem_classes: string[];
  elem_id: string | null;
  min_width: number;
  scale: number;
  show_progress: boolean;
  variant: "default" | "panel" | "compact";
  visible: boolean | "hidden";
}

export type ColumnEvent = never;

export interface CustomComponentProps {
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  front_end: Record<string, unknown>;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  min_width: number | null;
  scale: number | null;
  show_label: boolean;
  value: unknown | null;
  visible: boolean | "hidden";
}

export type CustomComponentEvent = "input";

export interface DataframeProps {
  column_count: [number, "fixed" | "dynamic"];
  column_limits: [number | null, number | null] | null;
  column_widths: string[];
  container: boolean;
  datatype: string | string[];
  elem_classes: string[];
  elem_id: string | null;
  headers: unknown[];
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  latex_delimiters: { left: string; right: string; display: boolean }[];
  line_breaks: boolean;
  max_chars: number | null;
  max_height: number | string;
  min_width: number | null;
  pinned_columns: number;
  row_count: [number, "fixed" | "dynamic"];
  row_limits: [number | null, number | null] | null;
  scale: number | null;
  show_copy_button: boolean;
  show_fullscreen_button: boolean;
  show_label: boolean;
  show_row_numbers: boolean;
  show_search: "none" | "search" | "filter";
  static_columns: number[];
  value: { headers: unknown[]; data: unknown[][]; metadata: { display_value?: (string | null)[][] | null; styling?: (string | null)[][] | null } | null; rows?: number; table?: string; cut?: [number, number][]; numbers?: number[]; missing?: Record<string, string>; edits?: Record<string, unknown>[] } | null;
  visible: boolean | "hidden";
  wrap: boolean;
}

export type DataframeEvent = "input" | "select" | "edit";

export interface DatasetProps {
  components: string[];
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  headers: string[];
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  layout: "gallery" | "table" | null;
  min_width: number | null;
  sample_labels: string[] | null;
  samples: unknown[][];
  samples_per_page: number;
  scale: number | null;
  show_label: boolean;
  value: number | null;
  visible: boolean | "hidden";
}

export type DatasetEvent = "click" | "select";

export interface DateTimeProps {
  buttons: string[] | null;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  include_time: boolean;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  min_width: number | null;
  scale: number | null;
  show_label: boolean;
  timezone: string | null;
  value: string | null;
  visible: boolean | "hidden";
}

export type DateTimeEvent = "input" | "submit";

export interface DownloadButtonProps {
  elem_classes: string[];
  elem_id: string | null;
  icon: string | { data: DataView; mime_type: string } | null;
  interactive: boolean | null;
  label: string;
  min_width: number | null;
  scale: number | null;
  size: string | null;
  value: FileRecord | null;
  variant: string | null;
  visible: boolean | "hidden";
}

export type DownloadButtonEvent = "click";

export interface DropdownProps {
  allow_custom_value: boolean;
  buttons: string[] | null;
  choices: [string, string | number | bigint | boolean][];
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  filterable: boolean;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  max_choices: number | null;
  min_width: number | null;
  multiselect: boolean;
  num_choices_shown: number | null;
  scale: number | null;
  show_label: boolean;
  value: string | number | bigint | boolean | (string | number | bigint | boolean)[] | null;
  visible: boolean | "hidden";
}

export type DropdownEvent = "input" | "select" | "focus" | "blur" | "key_up";

export interface FileProps {
  allow_reordering: boolean;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  file_count: "single" | "multiple" | "directory";
  file_types: string[] | null;
  height: number | string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  min_width: number | null;
  scale: number | null;
  show_label: boolean;
  value: FileRecord | FileRecord[] | null;
  visible: boolean | "hidden";
}

export type FileEvent = "upload" | "select" | "clear" | "delete" | "download";

export interface FormProps {
  elem_classes: string[];
  elem_id: string | null;
  min_width: number;
  scale: number;
  visible: boolean | "hidden";
}

export type FormEvent = never;

export interface GalleryProps {
  allow_preview: boolean;
  buttons: string[] | null;
  columns: number[];
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  file_types: string[] | null;
  fit_columns: boolean;
  height: number | string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  min_width: number | null;
  object_fit: "contain" | "cover" | "fill" | "none" | "scale-down" | null;
  preview: boolean;
  rows: number[] | null;
  scale: number | null;
  selected_index: number | null;
  show_download_all_button: boolean;
  show_download_button: boolean;
  show_fullscreen_button: boolean;
  show_label: boolean;
  sources: ("upload" | "webcam" | "clipboard")[];
  value: ({ image: FileRecord; video?: undefined; caption: string | null } | { video: FileRecord; image?: undefined; caption: string | null })[];
  visible: boolean | "hidden";
}

export type GalleryEvent = "select" | "upload" | "delete" | "preview_open" | "preview_close";

export interface GroupProps {
  elem_classes: string[];
  elem_id: string | null;
  visible: boolean | "hidden";
}

export type GroupEvent = never;

export interface HighlightedTextProps {
  adjacent_separator: string;
  buttons: string[] | null;
  color_map: Record<string, string>;
  combine_adjacent: boolean;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  min_width: number | null;
  rtl: boolean;
  scale: number | null;
  show_inline_category: boolean;
  show_label: boolean;
  show_legend: boolean;
  show_whitespaces: boolean;
  value: { token: string; class_or_confidence: string | number | null }[] | null;
  visible: boolean | "hidden";
}

export type HighlightedTextEvent = "select" | "input";

export interface HTMLProps {
  apply_default_css: boolean;
  autoscroll: boolean;
  container: boolean;
  css_template: string;
  elem_classes: string[];
  elem_id: string | null;
  head: string | null;
  html_template: string;
  interactive: boolean | null;
  js_on_load: string | null;
  label: string | null;
  max_height: number | string | null;
  min_height: number | string | null;
  min_width: number | null;
  padding: boolean;
  props: Record<string, unknown>;
  scale: number | null;
  server_functions: string[];
  show_label: boolean;
  tools: number;
  value: unknown;
  visible: boolean | "hidden";
}

export type HTMLEvent = "click" | "input" | "submit" | "select";

export interface ImageProps {
  alt_text: string | null;
  buttons: string[] | null;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  height: number | string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  min_width: number | null;
  mirror_webcam: boolean;
  placeholder: string | null;
  scale: number | null;
  show_download_button: boolean;
  show_fullscreen_button: boolean;
  show_label: boolean;
  sources: ("upload" | "webcam" | "clipboard")[];
  streaming: boolean;
  value: FileRecord | null;
  visible: boolean | "hidden";
  webcam_constraints: Record<string, unknown>;
  width: number | string | null;
}

export type ImageEvent = "clear" | "stream" | "select" | "upload" | "input";

export interface InterfaceProps {
  elem_classes: string[];
  elem_id: string | null;
  visible: boolean | "hidden";
}

export type InterfaceEvent = never;

export interface JSONProps {
  buttons: string[] | null;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  height: number | string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  max_height: number | string | null;
  min_height: number | string | null;
  min_width: number | null;
  open: boolean;
  scale: number | null;
  show_indices: boolean;
  show_label: boolean;
  value: unknown;
  visible: boolean | "hidden";
}

export type JSONEvent = never;

export interface LabelProps {
  buttons: string[] | null;
  color: string | null;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  min_width: number | null;
  num_top_classes: number | null;
  scale: number | null;
  show_heading: boolean;
  show_label: boolean;
  value: { label: string | number; confidences: { label: string | number; confidence: number | null }[] | null } | null;
  visible: boolean | "hidden";
}

export type LabelEvent = "select";

export interface MarkdownProps {
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  header_links: boolean;
  height: number | string | null;
  interactive: boolean | null;
  label: string | null;
  latex_delimiters: { left: string; right: string; display: boolean }[];
  line_breaks: boolean;
  max_height: number | string | null;
  min_height: number | string | null;
  min_width: number | null;
  padding: boolean;
  rtl: boolean;
  sanitize_html: boolean;
  scale: number | null;
  show_copy_button: boolean;
  show_label: boolean;
  value: string | null;
  visible: boolean | "hidden";
}

export type MarkdownEvent = "copy";

export interface BarPlotProps {
  buttons: string[] | null;
  caption: string | null;
  color: string | null;
  color_map: Record<string, string> | null;
  color_title: string | null;
  colors_in_legend: string[] | null;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  height: number | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  min_width: number | null;
  scale: number | null;
  show_label: boolean;
  sort: "x" | "y" | "-x" | "-y" | string[] | null;
  title: string | null;
  tooltip: "axis" | "none" | "all" | string[];
  value: { columns: string[]; data: (string | number | boolean | null)[][]; datatypes: Record<string, "quantitative" | "nominal" | "temporal">; mark: "line" | "bar" | "point" } | null;
  visible: boolean | "hidden";
  x: string | null;
  x_axis_format: string | null;
  x_axis_labels_visible: boolean | "hidden";
  x_bin: number | string | null;
  x_label_angle: number;
  x_lim: [number | null, number | null] | null;
  x_title: string | null;
  y: string | null;
  y_aggregate: "sum" | "mean" | "median" | "min" | "max" | "count" | null;
  y_axis_format: string | null;
  y_label_angle: number;
  y_lim: [number | null, number | null] | null;
  y_title: string | null;
}

export type BarPlotEvent = "select" | "double_click";

export interface NumberProps {
  buttons: string[] | null;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  maximum: number | null;
  min_width: number | null;
  minimum: number | null;
  placeholder: string | null;
  precision: number | null;
  scale: number | null;
  show_label: boolean;
  step: number;
  value: number | bigint | null;
  visible: boolean | "hidden";
}

export type NumberEvent = "input" | "submit" | "focus" | "blur";

export interface PlotProps {
  buttons: string[] | null;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  min_width: number | null;
  scale: number | null;
  show_label: boolean;
  value: { type: "matplotlib"; plot: FileRecord; width?: number } | { type: "plotly" | "bokeh" | "altair"; plot: string } | null;
  visible: boolean | "hidden";
}

export type PlotEvent = never;

export interface RadioProps {
  buttons: string[] | null;
  choices: [string, string | number | bigint | boolean][];
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  min_width: number | null;
  rtl: boolean;
  scale: number | null;
  show_label: boolean;
  value: string | number | bigint | boolean | null;
  visible: boolean | "hidden";
}

export type RadioEvent = "input" | "select";

export interface RowProps {
  elem_classes: string[];
  elem_id: string | null;
  equal_height: boolean;
  height: number | string | null;
  max_height: number | string | null;
  min_height: number | string | null;
  scale: number | null;
  show_progress: boolean;
  variant: "default" | "panel" | "compact";
  visible: boolean | "hidden";
}

export type RowEvent = never;

export interface SidebarProps {
  elem_classes: string[];
  elem_id: string | null;
  label: string | null;
  open: boolean;
  position: "left" | "right";
  visible: boolean | "hidden";
  width: number | string;
}

export type SidebarEvent = "expand" | "collapse";

export interface SliderProps {
  buttons: string[] | null;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  maximum: number;
  min_width: number | null;
  minimum: number;
  precision: number | null;
  scale: number | null;
  show_label: boolean;
  step: number;
  value: number | bigint;
  visible: boolean | "hidden";
}

export type SliderEvent = "input" | "release";

export interface TabProps {
  alignment: "left" | "right";
  elem_classes: string[];
  elem_id: string | null;
  height: number | string | null;
  id: number | string | null;
  interactive: boolean;
  label: string;
  max_height: number | string | null;
  render_children: boolean;
  scale: number | null;
  visible: boolean | "hidden";
}

export type TabEvent = "select";

export interface TabbedInterfaceProps {
  elem_classes: string[];
  elem_id: string | null;
  visible: boolean | "hidden";
}

export type TabbedInterfaceEvent = never;

export interface TabsProps {
  elem_classes: string[];
  elem_id: string | null;
  overflow_behavior: "menu" | "wrap";
  selected: number | string | null;
  visible: boolean | "hidden";
}

export type TabsEvent = "change" | "select";

export interface TextboxProps {
  autofocus: boolean;
  autoscroll: boolean;
  buttons: string[] | null;
  container: boolean;
  elem_classes: string[];
  elem_id: string | null;
  html_attributes: Record<string, unknown>;
  info: string | null;
  interactive: boolean | null;
  label: string | null;
  lines: number;
  max_length: number | null;
  max_lines: number | null;
  min_width: number | null;
  placeholder: string | null;
  rtl: boolean;
  scale: number | null;
  show_copy_button: boolean;
  show_label: boolean;
  stop_btn: boolean | string;
  submit_btn: boolean | string;
  text_align: "left" | "right" | null;
  type: "text" | "password" | "email";
  value: string | null;
  visible: boolean | "hidden";
}

export type TextboxEvent = "input" | "select" | "submit" | "focus" | "blur" | "stop" | "copy";

export interface UploadButtonProps {
  elem_classes: string[];
  elem_id: string | null;
  file_count: "single" | "multiple" | "directory";
  file_types: string[] | null;
  icon: string | { data: DataView; mime_type: string } | null;
  interactive: boolean | null;
  label: string;
  min_width: number | null;
  scale: number | null;
  size: string | null;
  value: FileRecord | FileRecord[] | null;
  variant: string | null;
  visible: boolean | "hidden";
}

export type UploadButtonEvent = "click" | "upload";

export interface WidgetProps {
  elem_classes: string[];
  elem_id: string | null;
  interactive: boolean | null;
  min_width: number | null;
  model: string;
  scale: number | null;
  value: unknown | null;
  visible: boolean | "hidden";
}

export type WidgetEvent = never;

export const defaults: Record<string, Record<string, unknown>> = {
  accordion: {
    elem_classes: [],
    elem_id: null,
    height: null,
    label: null,
    max_height: null,
    open: true,
    visible: true,
  },
  blocks: {
    elem_classes: [],
    elem_id: null,
    visible: true,
  },
  browserstate: {
    elem_classes: [],
    elem_id: null,
    interactive: null,
    min_width: null,
    scale: null,
    secret: "",
    storage_key: "",
    value: null,
    visible: true,
  },
  button: {
    elem_classes: [],
    elem_id: null,
    icon: null,
    interactive: true,
    link: null,
    link_target: null,
    min_width: null,
    scale: null,
    size: null,
    value: "Run",
    variant: "secondary",
    visible: true,
  },
  checkbox: {
    buttons: null,
    container: true,
    elem_classes: [],
    elem_id: null,
    info: null,
    interactive: null,
    label: null,
    min_width: 160,
    scale: null,
    show_label: true,
    value: false,
    visible: true,
  },
  checkboxgroup: {
    buttons: null,
    choices: [],
    container: true,
    elem_classes: [],
    elem_id: null,
    info: null,
    interactive: null,
    label: null,
    min_width: 160,
    scale: null,
    show_label: true,
    show_select_all: false,
    value: [],
    visible: true,
  },
  code: {
    autocomplete: false,
    buttons: null,
    container: true,
    elem_classes: [],
    elem_id: null,
    info: null,
    interactive: null,
    label: null,
    language: null,
    lines: 5,
    max_lines: null,
    min_width: 160,
    scale: null,
    show_label: true,
    show_line_numbers: true,
    value: null,
    visible: true,
    wrap_lines: false,
  },
  colorpicker: {
    buttons: null,
    container: true,
    elem_classes: [],
    elem_id: null,
    info: null,
    interactive: null,
    label: null,
    min_width: 160,
    scale: null,
    show_label: true,
    value: null,
    visible: true,
  },
  column: {
    elem_classes: [],
    elem_id: null,
    min_width: 320,
    scale: 1,
    show_progress: false,
    variant: "default",
    visible: true,
  },
  custom: {
    container: true,
    elem_classes: [],
    elem_id: null,
    front_end: {},
    info: null,
    interactive: null,
    label: null,
    min_width: 160,
    scale: null,
    show_label: true,
    value: null,
    visible: true,
  },
  dataframe: {
    column_count: [3, "dynamic"],
    column_limits: null,
    column_widths: [],
    container: true,
    datatype: "str",
    elem_classes: [],
    elem_id: null,
    headers: [],
    info: null,
    interactive: null,
    label: null,
    latex_delimiters: [{"left": "$$", "right": "$$", "display": true}],
    line_breaks: true,
    max_chars: null,
    max_height: 500,
    min_width: 160,
    pinned_columns: 0,
    row_count: [1, "dynamic"],
    row_limits: null,
    scale: null,
    show_copy_button: true,
    show_fullscreen_button: true,
    show_label: true,
    show_row_numbers: false,
    show_search: "none",
    static_columns: [],
    value: null,
    visible: true,
    wrap: false,
  },
  dataset: {
    components: [],
    container: true,
    elem_classes: [],
    elem_id: null,
    headers: [],
    info: null,
    interactive: null,
    label: null,
    layout: null,
    min_width: 160,
    sample_labels: null,
    samples: [],
    samples_per_page: 10,
    scale: null,
    show_label: true,
    value: null,
    visible: true,
  },
  datetime: {
    buttons: null,
    container: true,
    elem_classes: [],
    elem_id: null,
    include_time: true,
    info: null,
    interactive: null,
    label: null,
    min_width: 160,
    scale: null,
    show_label: true,
    timezone: null,
    value: null,
    visible: true,
  },
  downloadbutton: {
    elem_classes: [],
    elem_id: null,
    icon: null,
    interactive: true,
    label: "Download",
    min_width: null,
    scale: null,
    size: null,
    value: null,
    variant: "secondary",
    visible: true,
  },
  dropdown: {
    allow_custom_value: false,
    buttons: null,
    choices: [],
    container: true,
    elem_classes: [],
    elem_id: null,
    filterable: true,
    info: null,
    interactive: null,
    label: null,
    max_choices: null,
    min_width: 160,
    multiselect: false,
    num_choices_shown: 100,
    scale: null,
    show_label: true,
    value: null,
    visible: true,
  },
  file: {
    allow_reordering: false,
    container: true,
    elem_classes: [],
    elem_id: null,
    file_count: "single",
    file_types: null,
    height: null,
    info: null,
    interactive: null,
    label: null,
    min_width: 160,
    scale: null,
    show_label: true,
    value: null,
    visible: true,
  },
  form: {
    elem_classes: [],
    elem_id: null,
    min_width: 0,
    scale: 0,
    visible: true,
  },
  gallery: {
    allow_preview: true,
    buttons: null,
    columns: [2],
    container: true,
    elem_classes: [],
    elem_id: null,
    file_types: null,
    fit_columns: true,
    height: null,
    info: null,
    interactive: null,
    label: null,
    min_width: 160,
    object_fit: null,
    preview: false,
    rows: null,
    scale: null,
    selected_index: null,
    show_download_all_button: true,
    show_download_button: true,
    show_fullscreen_button: true,
    show_label: true,
    sources: ["upload"],
    value: [],
    visible: true,
  },
  group: {
    elem_classes: [],
    elem_id: null,
    visible: true,
  },
  highlightedtext: {
    adjacent_separator: "",
    buttons: null,
    color_map: {},
    combine_adjacent: false,
    container: true,
    elem_classes: [],
    elem_id: null,
    info: null,
    interactive: null,
    label: null,
    min_width: 160,
    rtl: false,
    scale: null,
    show_inline_category: true,
    show_label: true,
    show_legend: false,
    show_whitespaces: true,
    value: null,
    visible: true,
  },
  html: {
    apply_default_css: true,
    autoscroll: false,
    container: false,
    css_template: "",
    elem_classes: [],
    elem_id: null,
    head: null,
    html_template: "${value}",
    interactive: null,
    js_on_load: "element.addEventListener('click', function() { trigger('click') });",
    label: null,
    max_height: null,
    min_height: null,
    min_width: null,
    padding: false,
    props: {},
    scale: null,
    server_functions: [],
    show_label: false,
    tools: 0,
    value: null,
    visible: true,
  },
  image: {
    alt_text: null,
    buttons: null,
    container: true,
    elem_classes: [],
    elem_id: null,
    height: null,
    info: null,
    interactive: null,
    label: null,
    min_width: 160,
    mirror_webcam: true,
    placeholder: null,
    scale: null,
    show_download_button: true,
    show_fullscreen_button: true,
    show_label: true,
    sources: ["upload", "webcam", "clipboard"],
    streaming: false,
    value: null,
    visible: true,
    webcam_constraints: {},
    width: null,
  },
  interface: {
    elem_classes: [],
    elem_id: null,
    visible: true,
  },
  json: {
    buttons: null,
    container: true,
    elem_classes: [],
    elem_id: null,
    height: null,
    info: null,
    interactive: null,
    label: null,
    max_height: 500,
    min_height: null,
    min_width: 160,
    open: false,
    scale: null,
    show_indices: false,
    show_label: true,
    value: null,
    visible: true,
  },
  label: {
    buttons: null,
    color: null,
    container: true,
    elem_classes: [],
    elem_id: null,
    info: null,
    interactive: null,
    label: null,
    min_width: 160,
    num_top_classes: null,
    scale: null,
    show_heading: true,
    show_label: true,
    value: null,
    visible: true,
  },
  markdown: {
    container: false,
    elem_classes: [],
    elem_id: null,
    header_links: false,
    height: null,
    interactive: null,
    label: null,
    latex_delimiters: [{"left": "$$", "right": "$$", "display": true}],
    line_breaks: false,
    max_height: null,
    min_height: null,
    min_width: null,
    padding: false,
    rtl: false,
    sanitize_html: true,
    scale: null,
    show_copy_button: false,
    show_label: true,
    value: null,
    visible: true,
  },
  nativeplot: {
    buttons: null,
    caption: null,
    color: null,
    color_map: {},
    color_title: null,
    colors_in_legend: null,
    container: true,
    elem_classes: [],
    elem_id: null,
    height: null,
    info: null,
    interactive: null,
    label: null,
    min_width: 160,
    scale: null,
    show_label: true,
    sort: null,
    title: null,
    tooltip: "axis",
    value: null,
    visible: true,
    x: null,
    x_axis_format: null,
    x_axis_labels_visible: true,
    x_bin: null,
    x_label_angle: 0,
    x_lim: null,
    x_title: null,
    y: null,
    y_aggregate: null,
    y_axis_format: null,
    y_label_angle: 0,
    y_lim: null,
    y_title: null,
  },
  number: {
    buttons: null,
    container: true,
    elem_classes: [],
    elem_id: null,
    info: null,
    interactive: null,
    label: null,
    maximum: null,
    min_width: 160,
    minimum: null,
    placeholder: null,
    precision: null,
    scale: null,
    show_label: true,
    step: 1,
    value: null,
    visible: true,
  },
  plot: {
    buttons: null,
    container: true,
    elem_classes: [],
    elem_id: null,
    info: null,
    interactive: null,
    label: null,
    min_width: 160,
    scale: null,
    show_label: true,
    value: null,
    visible: true,
  },
  radio: {
    buttons: null,
    choices: [],
    container: true,
    elem_classes: [],
    elem_id: null,
    info: null,
    interactive: null,
    label: null,
    min_width: 160,
    rtl: false,
    scale: null,
    show_label: true,
    value: null,
    visible: true,
  },
  row: {
    elem_classes: [],
    elem_id: null,
    equal_height: false,
    height: null,
    max_height: null,
    min_height: null,
    scale: null,
    show_progress: false,
    variant: "default",
    visible: true,
  },
  sidebar: {
    elem_classes: [],
    elem_id: null,
    label: null,
    open: true,
    position: "left",
    visible: true,
    width: 320,
  },
  slider: {
    buttons: null,
    container: true,
    elem_classes: [],
    elem_id: null,
    info: null,
    interactive: null,
    label: null,
    maximum: 100,
    min_width: 160,
    minimum: 0,
    precision: null,
    scale: null,
    show_label: true,
    step: 1,
    value: 0,
    visible: true,
  },
  tab: {
    alignment: "left",
    elem_classes: [],
    elem_id: null,
    height: null,
    id: null,
    interactive: true,
    label: "",
    max_height: null,
    render_children: false,
    scale: null,
    visible: true,
  },
  tabbedinterface: {
    elem_classes: [],
    elem_id: null,
    visible: true,
  },
  tabs: {
    elem_classes: [],
    elem_id: null,
    overflow_behavior: "menu",
    selected: null,
    visible: true,
  },
  textbox: {
    autofocus: false,
    autoscroll: true,
    buttons: null,
    container: true,
    elem_classes: [],
    elem_id: null,
    html_attributes: {},
    info: null,
    interactive: null,
    label: null,
    lines: 1,
    max_length: null,
    max_lines: 20,
    min_width: 160,
    placeholder: null,
    rtl: false,
    scale: null,
    show_copy_button: false,
    show_label: true,
    stop_btn: false,
    submit_btn: false,
    text_align: null,
    type: "text",
    value: null,
    visible: true,
  },
  uploadbutton: {
    elem_classes: [],
    elem_id: null,
    file_count: "single",
    file_types: null,
    icon: null,
    interactive: true,
    label: "Upload a File",
    min_width: null,
    scale: null,
    size: null,
    value: null,
    variant: "secondary",
    visible: true,
  },
  widget: {
    elem_classes: [],
    elem_id: null,
    interactive: null,
    min_width: null,
    model: "",
    scale: null,
    value: null,
    visible: true,
  },
};
