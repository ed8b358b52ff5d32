"""The stage: a trace or a level as frames of marks, the scene they are drawn in, the player and the game."""
