"""Objectives and key results as people write them: who may, what is asked, what can be wrong."""
