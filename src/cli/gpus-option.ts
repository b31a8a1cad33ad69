export const GPUS_HELP =
  "cards that trainers are placed on, e.g. 0,1, or none (default: all that nvidia-smi lists)";
export const TRAINERS_HELP = "most trainers on a card at the same time (default: as many as come)";
